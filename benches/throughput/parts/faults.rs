//! One call in a hundred refused for pace, one answer in a thousand lost: the books must be exact.

use anyhow::ensure;

use super::bench::Bench;
use crate::job::{Job, UNBOUND};
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::rows;

#[allow(clippy::cast_precision_loss)]
pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let size = bench.arguments.rows.iter().copied().max().unwrap_or(1);
    let job = Job::new(&bench.folder("faults"), size, &bench.mock.url(), UNBOUND)?;
    bench.mock.set(&Manner { throttle_every: 101, lose_every: 997, ..Manner::default() })?;
    let run = bench.tool.run(&job)?;
    let seen = bench.mock.seen()?;
    let (good, unknown) = (rows(&run.summary, "succeeded"), rows(&run.summary, "unknown"));
    ensure!(rows(&run.summary, "total") == size, "no books: {}", run.summary);
    ensure!(seen.calls < 10_000 || seen.throttled * seen.lost > 0, "no fault was met: {seen:?}");
    let off = seen.lost.abs_diff(unknown) + (size - unknown).abs_diff(good) + seen.strangers;
    bench.figures.note(format!("{size} rows with faults: from start to end"), run.usage.wall, "s");
    bench.figures.note(format!("{size} rows with faults: peak memory"), run.usage.peak, "MB");
    bench.figures.note("faults: refused for pace", seen.throttled as f64, "calls");
    bench.figures.note("faults: answers lost", seen.lost as f64, "calls");
    bench.figures.add("faults: rows that the books have wrong", off as f64, "rows", Goal::AtMost(0.0));
    Ok(())
}
