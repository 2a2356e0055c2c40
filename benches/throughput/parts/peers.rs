//! The fastest tool that people use instead: a script over aiohttp, side by side with runsheet.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use super::bench::Bench;
use super::pace::{seen, span};
use crate::job::{Job, UNBOUND};
use crate::measured::measure;
use crate::median::median;
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::all_succeeded;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/throughput/peers/aiohttp_client.py");

/// A Python with aiohttp, where it is not `python3`.
const PYTHON: &str = "RUNSHEET_BENCH_PYTHON";

#[allow(clippy::cast_precision_loss)]
pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let python = PathBuf::from(std::env::var_os(PYTHON).unwrap_or_else(|| "python3".into()));
    if !has_aiohttp(&python) {
        println!(
            "| beside aiohttp: not measured, `{}` has no aiohttp; {PYTHON} names one that has | | | |",
            python.display()
        );
        return Ok(());
    }
    let rows = bench.arguments.size(300, 10_000);
    let job = Job::new(&bench.folder("peers"), rows, &bench.mock.url(), UNBOUND)?;
    let (mut theirs, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..bench.arguments.rounds {
        let pair = if round % 2 == 0 {
            let peer = peer(bench, &job, &python)?;
            (peer, tool(bench, &job)?)
        } else {
            let tool = tool(bench, &job)?;
            (peer(bench, &job, &python)?, tool)
        };
        theirs.push(pair.0);
        ours.push(pair.1);
        ratios.push(pair.0 / pair.1);
    }
    bench.figures.note("beside aiohttp: aiohttp", rows as f64 / median(&theirs), "rows/s");
    bench.figures.note("beside aiohttp: runsheet", rows as f64 / median(&ours), "rows/s");
    bench.figures.add("beside aiohttp: ratio while calling", median(&ratios), "×", Goal::AtLeast(5.0));
    Ok(())
}

fn has_aiohttp(python: &Path) -> bool {
    Command::new(python).args(["-c", "import aiohttp"]).output().is_ok_and(|output| output.status.success())
}

/// From the script's first call to its last, in seconds.
fn peer(bench: &Bench<'_>, job: &Job, python: &Path) -> anyhow::Result<f64> {
    bench.mock.set(&Manner::default())?;
    let arguments = [SCRIPT.to_owned(), bench.mock.url(), job.csv().display().to_string()];
    let usage = measure(&job.folder, python, &arguments)?;
    if usage.exit != 0 {
        bail!("aiohttp failed: {}", usage.output);
    }
    Ok(span(&seen(bench, job)?))
}

fn tool(bench: &Bench<'_>, job: &Job) -> anyhow::Result<f64> {
    bench.mock.set(&Manner::default())?;
    all_succeeded(&bench.tool.run(job)?, job.rows)?;
    Ok(span(&seen(bench, job)?))
}
