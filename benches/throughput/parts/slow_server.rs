//! A server that takes 50 ms: all places must be filled all the time.

use super::bench::Bench;
use crate::job::{CALLS, IN_FLIGHT, Job, UNBOUND};
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::all_succeeded;

#[allow(clippy::cast_precision_loss)]
pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let rows = bench.arguments.size(128, 8_000);
    let job = Job::new(&bench.folder("slow"), rows, &bench.mock.url(), UNBOUND)?;
    bench.mock.set(&Manner { delay_ms: 50, ..Manner::default() })?;
    let run = bench.tool.run(&job)?;
    all_succeeded(&run, rows)?;
    let seen = bench.mock.seen()?;
    // The server's timer adds to its 50 ms; what it really took is what the ideal client would wait for.
    let took = seen.spent as f64 / seen.calls as f64;
    let ideal = took * (rows * CALLS) as f64 / IN_FLIGHT as f64;
    let lasted = (seen.last_at - seen.first_at) as f64 + took;
    bench.figures.note("a server of 50 ms: what it took", took / 1e3, "ms");
    bench.figures.add("a server of 50 ms: ratio to the ideal", ideal / lasted, "", Goal::AtLeast(0.97));
    Ok(())
}
