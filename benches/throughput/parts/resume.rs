//! A run that is killed when nine tenths are done: how long until its rest goes on, and whether the books are right.

use std::time::Duration;

use super::bench::Bench;
use super::first_call::until_first_call;
use crate::job::{CALLS, Job, UNBOUND};
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::rows;

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let size = bench.arguments.rows.iter().copied().max().unwrap_or(1).max(3_000);
    let job = Job::new(&bench.folder("resume"), size, &bench.mock.url(), UNBOUND)?;
    bench.tool.forget()?;
    bench.mock.set(&Manner::default())?;
    let mut child = bench.tool.start(&bench.tool.run_arguments(&job))?;
    while bench.mock.seen()?.calls < size * CALLS * 9 / 10 {
        anyhow::ensure!(child.try_wait()?.is_none(), "the run ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    let mut resume = vec!["resume".to_owned(), "latest".to_owned()];
    resume.extend(bench.tool.pace());
    let seconds = until_first_call(&bench.tool, &bench.mock, &resume)? / 1e3;
    let name = format!("resume of {size} rows, nine tenths done: next call");
    bench.figures.add(name, seconds, "s", Goal::AtMost(2.0));
    let usage = bench.tool.call(&resume)?;
    let summary = bench.tool.summary(&usage)?;
    let (good, unknown) = (rows(&summary, "succeeded"), rows(&summary, "unknown"));
    anyhow::ensure!(good + unknown == size && unknown <= 128, "the books after two kills: {summary}");
    bench.figures.note("resume: peak memory of the last process", usage.peak, "MB");
    Ok(())
}
