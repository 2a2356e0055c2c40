//! `runs`: lists the runs, and shows the state of one.

use std::path::PathBuf;
use std::sync::Arc;

use crate::io::journal::{LostRun, RunLock};
use crate::model::{RowOutcome, RunId, Time};
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{
    KnownRun, find_run, later_runs, loss_in_short, read_run, read_summary, run_ids, run_of_folder,
};
use crate::operate::stored_run::restore_for_reading;
use crate::policy::Counts;
use crate::report::{FailureKind, RunOutcome, Summary};
use crate::runner::{Link, RunFolder, collect_failures, locate_failures};

/// A request for the list of all runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunsRequest;

/// All runs of the state folder.
#[derive(Debug)]
pub struct RunsReport {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// The runs, newest first. Their `failures` are left empty.
    pub runs: Vec<RunStatus>,
    /// The runs whose journals cannot be read or are gone, with the reason and what a person stated about them.
    pub unreadable: Vec<(RunId, String)>,
}

/// A request for one run.
#[derive(Debug, Clone)]
pub struct ShowRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
}

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
    /// The summary; `None` where it has neither ended nor stopped.
    pub summary: Option<Summary>,
    /// The kinds of failures, where [`show`] found them and no summary has them.
    pub failures: Vec<FailureKind>,
    /// The earlier run that it retries or undoes; `None` for a run of a playbook.
    pub link: Option<Link>,
    /// The last run that was made from it, where nothing is left to do in this one; `None` otherwise.
    pub later: Option<RunId>,
    /// What is lost of it, and what a person stated about that; `None` where nothing is lost.
    pub lost: Option<String>,
    /// Its folder.
    pub folder: PathBuf,
}

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

impl RunState {
    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::BrokenOff => "broken off",
            Self::Ended(outcome) => outcome.as_str(),
        }
    }
}

/// Returns the ids of the newest runs, newest first, `most` at most. Opens none of them.
///
/// # Errors
/// As [`runs`].
pub(crate) fn newest_run_ids(context: &Context, most: usize) -> Result<Vec<String>, Refusal> {
    let ids = context.state_if_any()?.map(run_ids).unwrap_or_default();
    Ok(ids.into_iter().rev().take(most).collect())
}

/// Lists the runs, newest first.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, RunsRequest, run, runs};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let report = runs(&RunsRequest, &context)?;
/// assert_eq!(report.runs.len(), 1);
/// assert_eq!(report.runs[0].state.as_str(), "succeeded");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where there is no folder for runs.
pub fn runs(_: &RunsRequest, context: &Context) -> Result<RunsReport, Refusal> {
    let folder = context.state()?;
    let (mut runs, mut unreadable) = (Vec::new(), Vec::new());
    for id in run_ids(folder).iter().rev() {
        let run = RunId::from_text(id.as_str());
        let lost = || LostRun::find(&run, &RunFolder::of(folder, &run).journal());
        match read_run(folder, id) {
            Ok(Some(known)) => runs.extend(RunStatus::of(&known)),
            Ok(None) => unreadable.extend(lost().map(|lost| (run.clone(), loss_in_short(&lost)))),
            Err(error) => {
                let why = lost().map_or_else(|| error.to_string(), |lost| loss_in_short(&lost));
                unreadable.push((run, why));
            }
        }
    }
    Ok(RunsReport { folder: folder.to_owned(), runs, unreadable })
}

/// Returns the current state of one run, with the kinds of failures.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, ShowRequest, run, show};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let run = show(&ShowRequest { run: "latest".to_owned() }, &context)?;
/// assert_eq!(run.open_rows(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Broken`] where its journal cannot be read.
pub fn show(request: &ShowRequest, context: &Context) -> Result<RunStatus, Refusal> {
    let known = find_run(context.state()?, &request.run)?;
    let id = &known.frozen.run_id;
    let standing = RunStatus::of(&known);
    let mut run = standing.ok_or_else(|| Refusal::broken(format!("the journal of the run {id} cannot be read")))?;
    run.look_for_failures(&known, context.unmask);
    Ok(run)
}

impl RunStatus {
    /// Reads the state of a run; `None` where its journal cannot be read.
    fn of(known: &KnownRun) -> Option<Self> {
        let summary = read_summary(&known.folder);
        let state = match &summary {
            Some(summary) => RunState::Ended(summary.outcome),
            // A process holds the lock while it drives the run.
            None if RunLock::is_held(known.folder.path()) => RunState::Running,
            None => RunState::BrokenOff,
        };
        let ended = known.reader.ended_counts().ok()?;
        let mut rows = Counts { total: known.reader.row_count().ok()?, ..Counts::default() };
        for outcome in RowOutcome::ALL {
            let in_journal = ended.iter().find(|(word, _)| word == outcome.as_str()).map_or(0, |(_, count)| *count);
            // A summary also counts rows that did not end.
            let count = summary.as_ref().map_or(in_journal, |summary| summary.rows.of(outcome));
            rows.by_outcome[outcome as usize] = count;
        }
        let all_ended = ended.iter().map(|(_, count)| count).sum::<u64>() == rows.total;
        let frozen = &known.frozen;
        Some(Self {
            run: frozen.run_id.clone(),
            state,
            playbook: frozen.playbook.name.clone(),
            environment: frozen.environment.name.clone(),
            started_at: frozen.started_at,
            rows,
            rows_name: frozen.rows_name.clone(),
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

    /// Reads the kinds of failures from the journal, where the summary lacks them or they are wanted unmasked.
    fn look_for_failures(&mut self, known: &KnownRun, unmask: bool) {
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
