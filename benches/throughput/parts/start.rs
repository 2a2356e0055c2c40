//! What every start of the program costs.

use super::bench::Bench;
use crate::job::{Job, UNBOUND};
use crate::median::median;
use crate::table::Goal;

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let job = Job::new(&bench.folder("start"), 1, &bench.mock.url(), UNBOUND)?;
    let version = timed(bench, &["--version".to_owned()])?;
    bench.figures.add("start: `--version`", version, "ms", Goal::AtMost(10.0));
    let check = ["check".to_owned(), job.playbook().display().to_string(), "-q".to_owned()];
    let check = timed(bench, &check)?;
    bench.figures.add("start: `check` of a small playbook", check, "ms", Goal::AtMost(20.0));
    Ok(())
}

/// The median of several starts, in milliseconds.
pub(super) fn timed(bench: &Bench<'_>, arguments: &[String]) -> anyhow::Result<f64> {
    let mut took = Vec::new();
    for _ in 0..bench.arguments.size(2, 11) {
        let usage = bench.tool.call(arguments)?;
        anyhow::ensure!(usage.exit == 0, "{arguments:?}: {}", usage.output);
        took.push(usage.wall * 1e3);
    }
    Ok(median(&took))
}
