//! A server that takes 50 ms: all places must be filled all the time.

use super::bench::Bench;
use super::pace::run_bare;
use crate::job::{CALLS, IN_FLIGHT, Job, UNBOUND};
use crate::server::{Manner, Seen};
use crate::table::Goal;
use crate::tool::all_succeeded;

const SLOW: Manner = Manner { delay_ms: 50, throttle_every: 0, lose_every: 0, keep_instants: false };

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let rows = bench.arguments.size(128, 8_000);
    let job = Job::new(&bench.folder("slow"), rows, &bench.mock.url(), UNBOUND)?;
    bench.mock.set(&SLOW)?;
    run_bare(bench, &job)?;
    let (bare, _) = ratio(&bench.mock.seen()?, rows);
    bench.mock.set(&SLOW)?;
    all_succeeded(&bench.tool.run(&job)?, rows)?;
    let (tool, took) = ratio(&bench.mock.seen()?, rows);
    bench.figures.note("a server of 50 ms: what it took", took / 1e3, "ms");
    bench.figures.note("a server of 50 ms: bare client, ratio to the ideal", bare, "");
    bench.figures.add("a server of 50 ms: ratio to the ideal", tool, "", Goal::AtLeast(0.97));
    Ok(())
}

/// What the ideal client would take of what was taken, and what a call took, in microseconds. The server's timer adds to
/// its 50 ms; what it really took is what the ideal client would wait for.
#[allow(clippy::cast_precision_loss)]
fn ratio(seen: &Seen, rows: u64) -> (f64, f64) {
    let took = seen.spent as f64 / seen.calls as f64;
    let ideal = took * (rows * CALLS) as f64 / IN_FLIGHT as f64;
    let lasted = (seen.last_at - seen.first_at) as f64 + took;
    (ideal / lasted, took)
}
