//! The order in which the parts run.

use std::path::Path;

use super::bench::Bench;
use super::{check, faults, first_call, limit, pace, page, peers, resume, shapes, slow_server, start};
use crate::arguments::{HarnessArguments, Part};
use crate::disk::sync_latency;
use crate::table::{Figures, Goal};

type Run = fn(&mut Bench<'_>) -> anyhow::Result<()>;

/// Runs all parts that are wanted.
pub(crate) fn run(arguments: &HarnessArguments) -> anyhow::Result<()> {
    // On the disk that the build is on: `/tmp` may be memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut bench = Bench::start(arguments, folder.path())?;
    Figures::head();
    tell_disk(&mut bench, folder.path())?;
    let parts: [(Part, Run); 11] = [
        (Part::Start, start::run),
        (Part::Check, check::run),
        (Part::First, first_call::run),
        (Part::Pace, pace::run),
        (Part::Page, page::run),
        (Part::Peers, peers::run),
        (Part::Slow, slow_server::run),
        (Part::Limit, limit::run),
        (Part::Faults, faults::run),
        (Part::Shapes, shapes::run),
        (Part::Resume, resume::run),
    ];
    for (_, part) in parts.into_iter().filter(|(part, _)| arguments.wants(*part)) {
        part(&mut bench)?;
    }
    bench.figures.close(arguments.json.as_deref())
}

fn tell_disk(bench: &mut Bench<'_>, folder: &Path) -> anyhow::Result<()> {
    let (median, decile) = sync_latency(folder)?;
    bench.figures.add("sync of the disk, median", median, "ms", Goal::AtMost(1.0));
    bench.figures.note("sync of the disk, ninth decile", decile, "ms");
    Ok(())
}
