//! Rows a second, processor time, memory and journal of whole runs, beside the bare client.

use anyhow::bail;

use super::bench::Bench;
use super::beside;
use super::sample::{Sample, middle};
use crate::job::{CALLS, Job, UNBOUND};
use crate::measured::{Usage, measure};
use crate::median::median;
use crate::server::{Manner, Seen};
use crate::table::Goal;
use crate::tool::{Tool, all_succeeded};

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut peaks = Vec::new();
    let mut costs = Vec::new();
    for size in bench.arguments.rows.clone() {
        let job = Job::new(&bench.folder(&format!("pace-{size}")), size, &bench.mock.url(), UNBOUND)?;
        let (mut bare, mut tool) = (Vec::new(), Vec::new());
        let mut beside: Vec<Vec<Sample>> = bench.beside.iter().map(|_| Vec::new()).collect();
        // The largest runs take minutes; their ratios are steadier, too.
        let rounds = if size >= 1_000_000 { bench.arguments.rounds.min(1) } else { bench.arguments.rounds };
        for round in 0..rounds {
            let others = bench.beside.iter().zip(&mut beside);
            if round % 2 == 0 {
                bare.push(bare_sample(bench, &job)?);
                tool.push(tool_sample(bench, &bench.tool, &job)?);
                others.into_iter().try_for_each(|(other, samples)| take(bench, other, &job, samples))?;
            } else {
                others.rev().try_for_each(|(other, samples)| take(bench, other, &job, samples))?;
                tool.push(tool_sample(bench, &bench.tool, &job)?);
                bare.push(bare_sample(bench, &job)?);
            }
        }
        tell(bench, size, &bare, &tool);
        beside::tell(bench, size, &bare, &tool, &beside);
        peaks.push(middle(&tool, |sample| sample.peak));
        #[allow(clippy::cast_precision_loss)]
        costs.push(middle(&tool, |sample| sample.wall) / size as f64);
        std::fs::remove_dir_all(&job.folder)?;
    }
    if let [first, .., last] = peaks[..] {
        bench.figures.add("peak memory, largest run to smallest", last / first, "×", Goal::AtMost(1.1));
    }
    if let [first, .., last] = costs[..] {
        bench.figures.add("time for a row, largest run to smallest", last / first, "×", Goal::AtMost(1.1));
    }
    Ok(())
}

fn take(bench: &Bench<'_>, tool: &Tool, job: &Job, samples: &mut Vec<Sample>) -> anyhow::Result<()> {
    samples.push(tool_sample(bench, tool, job)?);
    Ok(())
}

fn bare_sample(bench: &Bench<'_>, job: &Job) -> anyhow::Result<Sample> {
    bench.mock.set(&Manner::default())?;
    let usage = run_bare(bench, job)?;
    let seen = seen(bench, job)?;
    Ok(Sample {
        calling: span(&seen),
        wall: usage.wall,
        processor: usage.processor,
        peak: usage.peak,
        journal: 0.0,
        beside: 0.0,
    })
}

/// Runs the bare client over a job, to its good end.
pub(super) fn run_bare(bench: &Bench<'_>, job: &Job) -> anyhow::Result<Usage> {
    let arguments = ["bare".to_owned(), bench.mock.url(), job.csv().display().to_string()];
    let usage = measure(&job.folder, &std::env::current_exe()?, &arguments)?;
    if usage.exit != 0 {
        bail!("the bare client failed: {}", usage.output);
    }
    Ok(usage)
}

fn tool_sample(bench: &Bench<'_>, tool: &Tool, job: &Job) -> anyhow::Result<Sample> {
    bench.mock.set(&Manner::default())?;
    let run = tool.run(job)?;
    all_succeeded(&run, job.rows)?;
    let seen = seen(bench, job)?;
    let (journal, rows) = run.journal;
    #[allow(clippy::cast_precision_loss)]
    let (journal, beside) = (journal as f64, (journal - rows) as f64);
    Ok(Sample {
        calling: span(&seen),
        wall: run.usage.wall,
        processor: run.usage.processor,
        peak: run.usage.peak,
        journal,
        beside,
    })
}

/// What the server saw, which must be the whole job and nothing else.
pub(super) fn seen(bench: &Bench<'_>, job: &Job) -> anyhow::Result<Seen> {
    let seen = bench.mock.seen()?;
    if [seen.created, seen.moderators, seen.publishers] != [job.rows; 3] || seen.strangers > 0 {
        bail!("the server saw another job: {seen:?}");
    }
    Ok(seen)
}

/// From the first call to the last, in seconds.
#[allow(clippy::cast_precision_loss)]
pub(super) fn span(seen: &Seen) -> f64 {
    (seen.last_at - seen.first_at) as f64 / 1e6
}

/// The median of the ratios of each round.
fn ratio(over: &[Sample], under: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    median(&over.iter().zip(under).map(|(over, under)| of(over) / of(under)).collect::<Vec<_>>())
}

#[allow(clippy::cast_precision_loss)]
fn tell(bench: &mut Bench<'_>, size: u64, bare: &[Sample], tool: &[Sample]) {
    let rows = size as f64;
    let thousands = rows * CALLS as f64 / 1e3;
    let figures = &mut bench.figures;
    let name = |what: &str| format!("{size} rows: {what}");
    figures.note(name("bare client"), rows / middle(bare, |one| one.calling), "rows/s");
    figures.note(name("runsheet while calling"), rows / middle(tool, |one| one.calling), "rows/s");
    let wanted = Goal::AtLeast(0.8);
    figures.add(name("ratio while calling"), ratio(bare, tool, |one| one.calling), "", wanted);
    figures.note(name("runsheet from start to end"), rows / middle(tool, |one| one.wall), "rows/s");
    figures.note(name("ratio from start to end"), ratio(bare, tool, |one| one.wall), "");
    figures.note(name("bare client, processor"), middle(bare, |one| one.processor) * 1e3 / thousands, "ms/1,000 calls");
    figures.note(name("runsheet, processor"), middle(tool, |one| one.processor) * 1e3 / thousands, "ms/1,000 calls");
    figures.add(name("ratio of processor time"), ratio(tool, bare, |one| one.processor), "", Goal::AtMost(1.5));
    figures.note(name("bare client, peak memory"), middle(bare, |one| one.peak), "MB");
    figures.add(name("runsheet, peak memory"), middle(tool, |one| one.peak), "MB", Goal::AtMost(60.0));
    figures.note(name("journal, all of it"), middle(tool, |one| one.journal) / rows, "bytes/row");
    let beside = middle(tool, |one| one.beside) / rows;
    figures.add(name("journal beside the frozen row"), beside, "bytes/row", Goal::AtMost(1_500.0));
}
