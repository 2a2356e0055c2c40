//! Runs that were pruned: what their marks still say of them.

use std::path::Path;

use super::known_run::run_ids;
use crate::io::marks::{Mark, PrunedRun};
use crate::model::{RunId, Time};
use crate::operate::interface::Refusal;
use crate::report::RowCounts;
use crate::runner::{LinkKind, RunFolder};

/// A run whose folder was removed by `runs prune`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunedStatus {
    /// The run.
    pub run: RunId,
    /// The path of its playbook; empty where it is not known.
    pub playbook: String,
    /// The environment's name; empty where it is not known.
    pub environment: String,
    /// When it was started.
    pub started_at: Time,
    /// The word for the state that it was in.
    pub state: String,
    /// Its rows by outcome.
    pub rows: RowCounts,
    /// The number of its rows that had not ended.
    pub open_rows: u64,
    /// When it last recorded anything.
    pub last_at: Time,
    /// The earlier run that it retried or undid, and which of the two; `None` for a run of a playbook.
    pub link: Option<(LinkKind, RunId)>,
    /// When it was pruned.
    pub pruned_at: Time,
    /// The user who pruned it.
    pub pruned_by: String,
    /// The number of effects that no other run makes again because of it.
    pub guarded_effects: u64,
}

impl PrunedStatus {
    fn new(run: RunId, mark: Mark, pruned: PrunedRun) -> Self {
        let retry = pruned.retry_of.map(|of| (LinkKind::Retry, of));
        let undo = pruned.undo_of.map(|of| (LinkKind::Undo, of));
        Self {
            run,
            playbook: mark.playbook.map(|playbook| playbook.file).unwrap_or_default(),
            environment: mark.environment.unwrap_or_default(),
            started_at: mark.began,
            state: pruned.state,
            rows: pruned.rows,
            open_rows: pruned.open_rows,
            last_at: pruned.last_at,
            link: retry.or(undo),
            pruned_at: pruned.at,
            pruned_by: pruned.who,
            guarded_effects: pruned.effects,
        }
    }

    /// The refusal of a verb that needs the run's journal.
    pub(crate) fn refusal(&self) -> Refusal {
        let Self { run, pruned_at, pruned_by, .. } = self;
        Refusal::Conflict(format!(
            "{pruned_by} pruned the run {run} on {pruned_at}, so its journal and its rows are gone: `runsheet runs show {run}` \
             shows what is still known"
        ))
    }
}

/// What is known of a run that was pruned; `None` for any other.
pub(crate) fn pruned_run(state: &Path, id: &str) -> Option<PrunedStatus> {
    let run = RunId::from_text(id);
    let files = RunFolder::of(state, &run).mark()?;
    // Every pruned run has a list of effects, so that the marks of other runs are not read.
    files.guard().exists().then_some(())?;
    let mut mark = Mark::read(&files).ok().flatten()?;
    let pruned = mark.pruned.take()?;
    Some(PrunedStatus::new(run, mark, pruned))
}

/// All pruned runs, newest first.
///
/// # Errors
/// As [`run_ids`].
pub(crate) fn pruned_runs(state: &Path) -> Result<Vec<PrunedStatus>, Refusal> {
    Ok(run_ids(state)?.iter().rev().filter_map(|id| pruned_run(state, id)).collect())
}
