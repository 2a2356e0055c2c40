//! What is known of a run that may be pruned, from its folder and its journal.

use std::path::Path;

use super::request::PruneRequest;
use super::rules::{JournalFacts, KeptBecause, OutsideFacts, kept_by_age, kept_by_journal};
use crate::io::journal::{JournalError, Reader, RunLock, synced_at};
use crate::io::marks::Mark;
use crate::journal::{Fact, RowState};
use crate::model::{RowOutcome, RunId, StepScope, Time};
use crate::operate::runs::{Listed, RunStatus, read_listed};
use crate::operate::state_folder::{KnownRun, later_runs, read_run};
use crate::policy::SteerWord;
use crate::report::steering_of;
use crate::runner::RunFolder;

/// A run that may be pruned.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its state.
    pub(super) status: RunStatus,
    /// Why it is kept; `None` where it may be removed.
    pub(super) kept: Option<KeptBecause>,
}

impl Candidate {
    /// Judges a run; `newer` says how many runs are newer. `Err` is the reason of a run that cannot be read; `Ok(None)` is no
    /// run.
    pub(super) fn judge(
        state: &Path,
        run: &RunId,
        newer: u64,
        request: &PruneRequest,
        now: Time,
    ) -> Result<Option<Self>, KeptBecause> {
        let status = match read_listed(state, run) {
            Listed::Run(status) => *status,
            Listed::Unreadable(_, why) => return Err(KeptBecause::Unreadable(why)),
            Listed::NotARun => return Ok(None),
        };
        let folder = RunFolder::of(state, run);
        let last_at = last_at(&folder, &status);
        let facts = OutsideFacts { newer, last_at, under_way: RunLock::is_held(folder.path()) };
        let kept = kept_by_age(&facts, request, now).or_else(|| judge_journal(state, &status, last_at, request, now));
        Ok(Some(Self { status, kept }))
    }
}

/// When a run last recorded anything: by its watermark, or at its start where nothing says so.
fn last_at(folder: &RunFolder, status: &RunStatus) -> Time {
    synced_at(&folder.journal()).filter(|at| *at > status.started_at).unwrap_or(status.started_at)
}

/// Why a run is kept, by its journal; `None` where it may be removed.
pub(super) fn judge_journal(
    state: &Path,
    status: &RunStatus,
    last_at: Time,
    request: &PruneRequest,
    now: Time,
) -> Option<KeptBecause> {
    if let Some(lost) = &status.lost {
        return Some(KeptBecause::Unreadable(lost.clone()));
    }
    let judged = match read_run(state, status.run.as_str()) {
        Ok(Some(known)) => judge_known(&known, last_at, request, now),
        Ok(None) => return Some(KeptBecause::Changed),
        Err(error) => Err(error),
    };
    judged.unwrap_or_else(|error| Some(KeptBecause::Unreadable(error.to_string())))
}

fn judge_known(
    known: &KnownRun,
    last_at: Time,
    request: &PruneRequest,
    now: Time,
) -> Result<Option<KeptBecause>, JournalError> {
    let reader = &known.reader;
    let facts = JournalFacts {
        was_lost: was_lost(&known.folder)?,
        unknown: unknown_rows(reader)?,
        unknown_step: has_unknown_step(reader)?,
        unfinished: unfinished(known)?,
        sends: !known.frozen.environment.is_sandbox(),
    };
    let run = &known.frozen.run_id;
    let runs = known.folder.path().parent().unwrap_or(Path::new("."));
    kept_by_journal(&facts, last_at, request, now, || reader.has_standing_effects(run, runs))
}

/// Whether a run went on from a copy, or a person stated the outcome of what was lost of it.
fn was_lost(folder: &RunFolder) -> Result<bool, JournalError> {
    let mark = folder.mark().map(|files| Mark::read(&files)).transpose()?.flatten();
    Ok(mark.is_some_and(|mark| !mark.copies.is_empty() || !mark.decisions.is_empty()))
}

/// The number of unknown rows that no later run took over.
fn unknown_rows(reader: &Reader) -> Result<u64, JournalError> {
    let mut unknown = 0;
    for position in reader.ended_as(&[RowOutcome::Unknown.as_str()])? {
        let facts = reader.facts(StepScope::Row(position))?;
        unknown += u64::from(!facts.iter().any(|(_, fact)| matches!(fact, Fact::ContinuedIn(_))));
    }
    Ok(unknown)
}

/// Whether a call of a step that runs once is in doubt.
fn has_unknown_step(reader: &Reader) -> Result<bool, JournalError> {
    for scope in [StepScope::Before, StepScope::After] {
        let facts = reader.facts(scope)?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        if state.continued_in.is_none() && !state.doubts().is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The number of rows that have not ended, where the run can be resumed; `None` where nothing is left to do in it.
fn unfinished(known: &KnownRun) -> Result<Option<u64>, JournalError> {
    let reader = &known.reader;
    let open = reader.row_count()?.saturating_sub(reader.ended_count()?);
    let went_on = open == 0 && !later_runs(known).is_empty();
    let steered = steering_of(&reader.facts(StepScope::Run)?);
    let cancelled = steered.iter().any(|one| one.command.what == SteerWord::Cancel);
    Ok((!went_on && !cancelled && !reader.has_finished()?).then_some(open))
}
