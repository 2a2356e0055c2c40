//! What an open page costs a run: the same job with and without one, in turn.

use anyhow::bail;

use super::bench::Bench;
use super::pace::{seen, span};
use super::sample::middle_of;
use crate::job::{Job, UNBOUND};
use crate::page_reader::{OpenPage, PageReading, ServerUsage};
use crate::server::Manner;
use crate::table::Goal;
use crate::tool::all_succeeded;

/// One pair of runs.
struct Pair {
    open: Once,
    alone: Once,
}

/// One run.
struct Once {
    /// From the first call to the last, in seconds.
    calling: f64,
    /// Its processor time, in seconds.
    processor: f64,
    /// The most memory that it held, in MB.
    peak: f64,
    /// What the page read, and what `ui` took, if a page was open.
    page: Option<(PageReading, ServerUsage)>,
}

impl Pair {
    /// Something of `ui`.
    fn ui(&self, of: fn(&ServerUsage) -> f64) -> f64 {
        self.open.page.as_ref().map_or(0.0, |(_, usage)| of(usage))
    }

    /// Something of what the page read.
    #[allow(clippy::cast_precision_loss)]
    fn read(&self, of: fn(&PageReading) -> u64) -> f64 {
        self.open.page.as_ref().map_or(0.0, |(reading, _)| of(reading) as f64)
    }
}

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut peaks = Vec::new();
    for size in bench.arguments.rows.clone() {
        let job = Job::new(&bench.folder(&format!("page-{size}")), size, &bench.mock.url(), UNBOUND)?;
        let pairs: Vec<Pair> = (0..bench.arguments.rounds)
            .map(|round| pair(bench, &job, round % 2 == 0))
            .collect::<anyhow::Result<_>>()?;
        let name = |what: &str| format!("{size} rows, a page open: {what}");
        let percent = (middle_of(&pairs, |pair| pair.open.calling / pair.alone.calling) - 1.0) * 100.0;
        let figures = &mut bench.figures;
        figures.add(name("pace that the run loses"), percent, "%", Goal::AtMost(2.0));
        figures.note(name("time of the calls"), middle_of(&pairs, |pair| pair.open.calling), "s");
        figures.note(name("processor time of the run"), middle_of(&pairs, |pair| pair.open.processor), "s");
        figures.note(name("that of a run without a page"), middle_of(&pairs, |pair| pair.alone.processor), "s");
        figures.note(
            name("processor time of `ui` until then"),
            middle_of(&pairs, |pair| pair.ui(|usage| usage.processor)),
            "s",
        );
        figures.note(name("overviews read"), middle_of(&pairs, |pair| pair.read(|read| read.overviews)), "");
        figures.note(name("rows read"), middle_of(&pairs, |pair| pair.read(|read| read.rows)), "");
        figures.note(name("peak memory of the run"), middle_of(&pairs, |pair| pair.open.peak), "MB");
        figures.note(name("that of a run without a page"), middle_of(&pairs, |pair| pair.alone.peak), "MB");
        let peak = middle_of(&pairs, |pair| pair.ui(|usage| usage.peak));
        figures.note(name("peak memory of `ui`"), peak, "MB");
        peaks.push(peak);
        std::fs::remove_dir_all(&job.folder)?;
    }
    if let [first, .., last] = peaks[..] {
        bench.figures.add("peak memory of `ui`, largest run to smallest", last / first, "×", Goal::AtMost(1.25));
    }
    Ok(())
}

/// Runs the job twice, once while a page follows it.
fn pair(bench: &Bench<'_>, job: &Job, page_first: bool) -> anyhow::Result<Pair> {
    let (mut with, mut without) = (None, None);
    for open in [page_first, !page_first] {
        if open {
            with = Some(run_once(bench, job, true)?);
        } else {
            without = Some(run_once(bench, job, false)?);
        }
    }
    let (Some(open), Some(alone)) = (with, without) else { bail!("no pair") };
    Ok(Pair { open, alone })
}

fn run_once(bench: &Bench<'_>, job: &Job, open: bool) -> anyhow::Result<Once> {
    bench.mock.set(&Manner::default())?;
    bench.tool.forget()?;
    let page = if open { Some(OpenPage::open(&bench.tool)?) } else { None };
    let run = bench.tool.run_beside(job)?;
    all_succeeded(&run, job.rows)?;
    let page = page.map(OpenPage::close).transpose()?;
    if let Some((reading, _)) = &page
        && reading.overviews == 0
        && !bench.arguments.quick
    {
        bail!("the page read nothing of the run: {reading:?}");
    }
    Ok(Once { calling: span(&seen(bench, job)?), processor: run.usage.processor, peak: run.usage.peak, page })
}
