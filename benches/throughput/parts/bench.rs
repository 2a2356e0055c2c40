//! What all parts share, and the order in which they run.

use std::path::{Path, PathBuf};

use super::{check, faults, first_call, limit, pace, peers, resume, shapes, slow_server, start};
use crate::arguments::{HarnessArguments, Part};
use crate::disk::sync_latency;
use crate::mock::Mock;
use crate::table::{Figures, Goal};
use crate::tool::Tool;

/// What a part works with.
pub(crate) struct Bench<'a> {
    pub(crate) arguments: &'a HarnessArguments,
    pub(crate) mock: Mock,
    pub(crate) tool: Tool,
    /// Further programs that are measured beside it.
    pub(crate) beside: Vec<Tool>,
    pub(crate) figures: Figures,
    folder: PathBuf,
}

impl Bench<'_> {
    /// A folder for a job.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

type Run = fn(&mut Bench<'_>) -> anyhow::Result<()>;

/// Runs all parts that are wanted.
pub(crate) fn run(arguments: &HarnessArguments) -> anyhow::Result<()> {
    // On the disk that the build is on: `/tmp` may be memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let program = arguments.program.clone().unwrap_or_else(|| env!("CARGO_BIN_EXE_runsheet").into());
    let mut bench = Bench {
        arguments,
        mock: Mock::start()?,
        tool: Tool::new(program, folder.path()),
        beside: arguments.beside.iter().map(|program| Tool::new(program.clone(), folder.path())).collect(),
        figures: Figures::default(),
        folder: folder.path().to_owned(),
    };
    Figures::head();
    tell_disk(&mut bench, folder.path())?;
    let parts: [(Part, Run); 10] = [
        (Part::Start, start::run),
        (Part::Check, check::run),
        (Part::First, first_call::run),
        (Part::Pace, pace::run),
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
