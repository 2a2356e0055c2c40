//! One call in a hundred refused for pace, one answer in a thousand lost: the books must be exact.

use super::bench::Bench;
use crate::job::{CALLS, Job, UNBOUND};
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::rows;

#[allow(clippy::cast_precision_loss)]
pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let size = bench.arguments.size(200, 10_000);
    // Each refusal pauses its budget for a second, so the refusals are few and the lost answers many.
    let every = size * CALLS / 10;
    let job = Job::new(&bench.folder("faults"), size, &bench.mock.url(), UNBOUND)?;
    bench.mock.set(&Manner { throttle_every: every, lose_every: 97, ..Manner::default() })?;
    let run = bench.tool.run(&job)?;
    let seen = bench.mock.seen()?;
    let (good, unknown) = (rows(&run.summary, "succeeded"), rows(&run.summary, "unknown"));
    anyhow::ensure!(rows(&run.summary, "total") == size, "no books: {}", run.summary);
    let off = seen.lost.abs_diff(unknown) + (size - unknown).abs_diff(good) + seen.strangers;
    bench.figures.note("faults: refused for pace", seen.throttled as f64, "calls");
    bench.figures.note("faults: answers lost", seen.lost as f64, "calls");
    bench.figures.add("faults: rows that the books have wrong", off as f64, "rows", Goal::AtMost(0.0));
    Ok(())
}
