//! From the start of the program to its first call: everything checked and frozen in between.

use std::time::{Duration, Instant};

use super::bench::Bench;
use crate::job::{Job, UNBOUND};
use crate::measured::epoch_micros;
use crate::median::median;
use crate::mock::Mock;
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::Tool;

/// The longest wait for a first call.
const LONGEST: Duration = Duration::from_secs(600);

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let one = Job::new(&bench.folder("first-1"), 1, &bench.mock.url(), UNBOUND)?;
    let mut took = Vec::new();
    for _ in 0..bench.arguments.size(2, 11) {
        bench.tool.forget()?;
        took.push(until_first_call(&bench.tool, &bench.mock, &bench.tool.run_arguments(&one))?);
    }
    bench.figures.add("first call, 1 row", median(&took), "ms", Goal::AtMost(30.0));
    let rows = bench.arguments.rows.iter().copied().max().unwrap_or(1);
    let many = Job::new(&bench.folder("first-many"), rows, &bench.mock.url(), UNBOUND)?;
    bench.tool.forget()?;
    let seconds = until_first_call(&bench.tool, &bench.mock, &bench.tool.run_arguments(&many))? / 1e3;
    bench.figures.note(format!("first call, {rows} rows of 17 templates"), seconds, "s");
    #[allow(clippy::cast_precision_loss)]
    let million = seconds * 1e6 / rows as f64;
    bench.figures.add("first call, for a million such rows", million, "s", Goal::AtMost(15.0));
    std::fs::remove_dir_all(&many.folder)?;
    Ok(())
}

/// Starts the program, waits for its next call and kills it; in milliseconds.
pub(super) fn until_first_call(tool: &Tool, mock: &Mock, arguments: &[String]) -> anyhow::Result<f64> {
    mock.set(&Manner::default())?;
    let from = epoch_micros();
    let mut child = tool.start(arguments)?;
    let began = Instant::now();
    let seen = loop {
        let seen = mock.seen()?;
        if seen.calls > 0 {
            break seen;
        }
        if began.elapsed() > LONGEST || child.try_wait()?.is_some_and(|status| !status.success()) {
            anyhow::bail!("no call came: {arguments:?}: {}", tool.told());
        }
        // Often for short waits, seldom for long ones: asking costs processor time that the program wants.
        std::thread::sleep(Duration::from_millis(if began.elapsed().as_millis() < 200 { 5 } else { 100 }));
    };
    child.kill()?;
    child.wait()?;
    #[allow(clippy::cast_precision_loss)]
    Ok((seen.first_at - from) as f64 / 1e3)
}
