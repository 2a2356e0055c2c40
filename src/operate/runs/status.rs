//! The state of one run: from its summary file where that is up to date, else from its journal.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::io::journal::{JournalError, LostRun, RunLock};
use crate::model::{RowOutcome, RunId, StepScope, Time};
use crate::operate::state_folder::{
    KnownRun, RunCard, StoredSummary, later_runs, loss_in_short, read_run, run_of_folder,
};
use crate::operate::stored_run::restore_for_reading;
use crate::policy::{Counts, SteerWord};
use crate::report::{FailureKind, RunOutcome, Summary, TimedSteering, is_paused, steering_of};
use crate::runner::{Link, LinkKind, RunFolder, collect_failures, locate_failures};

/// The current state of a run.
#[derive(Debug)]
pub struct RunStatus {
    /// The run.
    pub run: RunId,
    /// Whether it is under way, broken off or ended.
    pub state: RunState,
    /// The path of the playbook.
    pub playbook: String,
    /// The environment's name.
    pub environment: String,
    /// When it was started.
    pub started_at: Time,
    /// Its ended rows by outcome, and the total.
    pub rows: Counts,
    /// The row file's name; `None` where the playbook has no rows.
    pub rows_name: Option<String>,
    /// How people steered it, in order.
    pub steered: Vec<TimedSteering>,
    /// The summary; `None` where it has neither ended nor stopped.
    pub summary: Option<Summary>,
    /// The kinds of failures, where `show` found them and no summary has them.
    pub failures: Vec<FailureKind>,
    /// The earlier run that it retries or undoes; `None` for a run of a playbook.
    pub link: Option<Link>,
    /// The last run that was made from it; `None` while something is left to do in this one.
    pub later: Option<RunId>,
    /// What is lost of it, and what a person stated about that; `None` where nothing is lost.
    pub lost: Option<String>,
    /// Its folder.
    pub folder: PathBuf,
}

/// The word in lists for a run that a person paused.
pub(super) const PAUSED: &str = "paused";

/// The word in lists for a run that a person cancelled.
pub(super) const CANCELLED: &str = "cancelled";

/// Whether a run is under way, broken off or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// A process drives it.
    Running,
    /// No process drives it, and it has not ended: it can be resumed.
    BrokenOff,
    /// It ended or stopped.
    Ended(RunOutcome),
}

impl fmt::Display for RunState {
    /// Writes the word that lists show, such as `broken off`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RunState {
    /// The word in reports.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::BrokenOff => "broken off",
            Self::Ended(outcome) => outcome.as_str(),
        }
    }
}

impl RunStatus {
    /// Reads the state of a run from its summary file alone, or from its journal where that has gone on since. `None` where
    /// the run never began.
    ///
    /// # Errors
    /// The [`JournalError`] of a journal that cannot be read, or belongs to another run.
    pub(crate) fn read(state: &Path, run: &RunId) -> Result<Option<Self>, JournalError> {
        let folder = RunFolder::of(state, run);
        let stored = StoredSummary::read(&folder).filter(|stored| stored.summary.run_id == *run);
        if let Some(stored) = &stored
            && let Some(card) = stored.fresh_card(&folder)
        {
            return Ok(Some(Self::of_card(&folder, stored.summary.clone(), card)));
        }
        read_run(state, run.as_str())?.map(|known| Self::of_journal(&known, stored)).transpose()
    }

    /// Reads the state of a run whose journal is open.
    ///
    /// # Errors
    /// The [`JournalError`] of a journal that cannot be read.
    pub(super) fn of(known: &KnownRun) -> Result<Self, JournalError> {
        Self::of_journal(known, StoredSummary::read(&known.folder))
    }

    /// The state of a run whose summary file is up to date. Nothing of such a run is lost.
    fn of_card(folder: &RunFolder, summary: Summary, card: &RunCard) -> Self {
        let mut rows = Counts { total: summary.rows.total, ..Counts::default() };
        for outcome in RowOutcome::ALL {
            rows.by_outcome[outcome as usize] = summary.rows.of(outcome);
        }
        Self {
            run: summary.run_id.clone(),
            state: RunState::Ended(summary.outcome),
            playbook: card.playbook.clone(),
            environment: summary.environment.clone(),
            started_at: card.started_at,
            rows,
            rows_name: card.rows_name.clone(),
            steered: summary.steered.clone(),
            failures: Vec::new(),
            link: card.link.clone(),
            later: card.later.clone(),
            lost: None,
            folder: folder.path().to_owned(),
            summary: Some(summary),
        }
    }

    fn of_journal(known: &KnownRun, stored: Option<StoredSummary>) -> Result<Self, JournalError> {
        let reader = &known.reader;
        // An older version wrote no card, and removed the summary before it went on.
        let is_current = |stored: &StoredSummary| match &stored.card {
            None => true,
            Some(card) => reader.only_handed_over_since(card.entries).unwrap_or(false),
        };
        let summary = stored.filter(is_current).map(|stored| stored.summary);
        let state = match &summary {
            Some(summary) => RunState::Ended(summary.outcome),
            // A process holds the lock while it drives the run.
            None if RunLock::is_held(known.folder.path()) => RunState::Running,
            None => RunState::BrokenOff,
        };
        let ended = reader.ended_counts()?;
        let mut rows = Counts { total: reader.row_count()?, ..Counts::default() };
        for outcome in RowOutcome::ALL {
            let in_journal = ended.iter().find(|(word, _)| word == outcome.as_str()).map_or(0, |(_, count)| *count);
            // A summary also counts rows that did not end.
            let count = summary.as_ref().map_or(in_journal, |summary| summary.rows.of(outcome));
            rows.by_outcome[outcome as usize] = count;
        }
        let all_ended = ended.iter().map(|(_, count)| count).sum::<u64>() == rows.total;
        let frozen = &known.frozen;
        Ok(Self {
            run: frozen.run_id.clone(),
            state,
            playbook: frozen.playbook.name.clone(),
            environment: frozen.environment.name.clone(),
            started_at: frozen.started_at,
            rows,
            rows_name: frozen.rows_name.clone(),
            steered: steering_of(&known.reader.facts(StepScope::Run)?),
            summary,
            failures: Vec::new(),
            link: frozen.link.clone(),
            later: later_runs(known).pop().filter(|_| all_ended),
            lost: LostRun::find(&run_of_folder(&known.folder), &known.folder.journal())
                .map(|lost| loss_in_short(&lost)),
            folder: known.folder.path().to_owned(),
        })
    }

    /// Returns the number of rows that have not ended.
    #[must_use]
    pub fn open_rows(&self) -> u64 {
        self.rows.total.saturating_sub(self.rows.ended())
    }

    /// Whether a person paused it and the pause has not ended.
    #[must_use]
    pub(crate) fn is_paused(&self) -> bool {
        is_paused(&self.steered) && self.open_rows() > 0
    }

    /// Whether a person cancelled it, so that it cannot be resumed.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.steered.iter().any(|one| one.command.what == SteerWord::Cancel)
    }

    /// Returns the word for its state in lists: that of its [`RunState`], or `paused` or `cancelled`.
    #[must_use]
    pub(crate) fn state_word(&self) -> &'static str {
        match self.state {
            RunState::Ended(RunOutcome::Stopped) | RunState::BrokenOff if self.is_cancelled() => CANCELLED,
            RunState::Ended(RunOutcome::Stopped) | RunState::BrokenOff | RunState::Running if self.is_paused() => {
                PAUSED
            }
            RunState::Running | RunState::BrokenOff | RunState::Ended(_) => self.state.as_str(),
        }
    }

    /// Returns the word for what the run is: `run`, `retry` or `undo`.
    #[must_use]
    pub(crate) fn kind(&self) -> &'static str {
        match self.link.as_ref().map(|link| link.kind) {
            None => "run",
            Some(LinkKind::Retry) => "retry",
            Some(LinkKind::Undo) => "undo",
        }
    }

    /// Reads the kinds of failures from the journal, where the summary lacks them or they are wanted unmasked.
    pub(super) fn look_for_failures(&mut self, known: &KnownRun, unmask: bool) {
        let told = self.summary.as_ref().is_some_and(|summary| {
            let rows = &summary.rows;
            !summary.failures.is_empty() || rows.failed + rows.partial + rows.unknown == 0
        });
        if told && !unmask {
            return;
        }
        // A run that this version cannot read any more shows the failures of its summary.
        let Some(restored) = restore_for_reading(&known.frozen, unmask) else { return };
        let plan = Arc::new(restored.plan);
        let Ok(mut found) = collect_failures(&known.reader, &plan, &known.frozen.run_id) else { return };
        locate_failures(&mut found, &plan, known.frozen.rows_name.as_deref());
        match &mut self.summary {
            Some(summary) => summary.failures = found,
            None => self.failures = found,
        }
    }
}
