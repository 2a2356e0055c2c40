//! `runs`: which runs there are, and where each of them stands.

use std::path::PathBuf;
use std::sync::Arc;

use super::state_folder;
use crate::io::journal::{LostRun, RunLock};
use crate::model::{RowOutcome, RunId, Time};
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{Known, in_short, later_runs, read_summary, run_of};
use crate::operate::stored_run::as_frozen;
use crate::policy::Counts;
use crate::report::{FailureKind, RunOutcome, Summary};
use crate::runner::{Link, RunFolder, collect_failures, locate_failures};

/// The list of all runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunsRequest;

/// The runs that there are.
#[derive(Debug)]
pub struct RunsReport {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// The runs, newest first. Their `failures` are not looked for.
    pub runs: Vec<RunStanding>,
    /// The runs whose journals cannot be read or are gone, with the reasons and with what somebody said of them.
    pub unreadable: Vec<(RunId, String)>,
}

/// One run in full.
#[derive(Debug, Clone)]
pub struct ShowRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
}

/// Where a run stands, as its folder tells it.
#[derive(Debug)]
pub struct RunStanding {
    /// The run.
    pub run: RunId,
    /// Whether it is under way, broken off, or how it ended.
    pub state: RunState,
    /// The playbook's name, as its file is called.
    pub playbook: String,
    /// The environment's name.
    pub environment: String,
    /// When it was started.
    pub started_at: Time,
    /// Its rows by outcome, as far as they have ended.
    pub rows: Counts,
    /// The row file's name; `None` where the playbook has no rows.
    pub rows_name: Option<String>,
    /// The summary, where it ended or stopped.
    pub summary: Option<Summary>,
    /// What went wrong, where that was looked for and no summary tells it.
    pub failures: Vec<FailureKind>,
    /// The earlier run that it belongs to.
    pub link: Option<Link>,
    /// The last run that was made from it, where nothing is left to do in this one.
    pub later: Option<RunId>,
    /// What is lost of it, and what somebody said of that; `None` where nothing is, as far as its mark tells.
    pub lost: Option<String>,
    /// Its folder.
    pub folder: PathBuf,
}

/// Whether a run is under way, broken off, or how it ended.
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
    for id in state_folder::ids(folder).iter().rev() {
        let run = RunId::from_text(id.as_str());
        let lost = || LostRun::find(&run, &RunFolder::of(folder, &run).journal());
        match state_folder::open(folder, id) {
            Ok(Some(known)) => runs.extend(RunStanding::of(&known)),
            Ok(None) => unreadable.extend(lost().map(|lost| (run.clone(), in_short(&lost)))),
            Err(error) => {
                let why = lost().map_or_else(|| error.to_string(), |lost| in_short(&lost));
                unreadable.push((run, why));
            }
        }
    }
    Ok(RunsReport { folder: folder.to_owned(), runs, unreadable })
}

/// Shows where one run stands, with what went wrong in it.
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
/// [`Refusal::Usage`] where no run or several are meant; [`Refusal::Broken`] where its journal cannot be read.
pub fn show(request: &ShowRequest, context: &Context) -> Result<RunStanding, Refusal> {
    let known = state_folder::find(context.state()?, &request.run)?;
    let id = &known.frozen.run_id;
    let standing = RunStanding::of(&known);
    let mut run = standing.ok_or_else(|| Refusal::broken(format!("the journal of the run {id} cannot be read")))?;
    run.look_for_failures(&known, context.unmask);
    Ok(run)
}

impl RunStanding {
    /// Reads where a run stands; `None` where its journal cannot be read.
    fn of(known: &Known) -> Option<Self> {
        let summary = read_summary(&known.folder);
        let state = match &summary {
            Some(summary) => RunState::Ended(summary.outcome),
            // The lock is held as long as a process drives the run.
            None if RunLock::is_held(known.folder.path()) => RunState::Running,
            None => RunState::BrokenOff,
        };
        let ended = known.reader.ended_counts().ok()?;
        let mut rows = Counts { total: known.reader.row_count().ok()?, ..Counts::default() };
        for outcome in RowOutcome::ALL {
            let in_journal = ended.iter().find(|(word, _)| word == outcome.as_str()).map_or(0, |(_, count)| *count);
            // A summary counts rows that did not end too.
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
            lost: LostRun::find(&run_of(&known.folder), &known.folder.journal()).map(|lost| in_short(&lost)),
            folder: known.folder.path().to_owned(),
        })
    }

    /// How many rows have not ended.
    #[must_use]
    pub fn open_rows(&self) -> u64 {
        self.rows.total.saturating_sub(self.rows.ended())
    }

    /// Looks into the journal for what went wrong, where the summary does not tell it as it is wanted.
    fn look_for_failures(&mut self, known: &Known, unmask: bool) {
        let told = self.summary.as_ref().is_some_and(|summary| {
            let rows = &summary.rows;
            !summary.failures.is_empty() || rows.failed + rows.partial + rows.unknown == 0
        });
        if told && !unmask {
            return;
        }
        // A run that cannot be bound any more shows what its summary says.
        let Some(revived) = as_frozen(&known.frozen, unmask) else { return };
        let plan = Arc::new(revived.plan);
        let Ok(mut found) = collect_failures(&known.reader, &plan, &known.frozen.run_id) else { return };
        locate_failures(&mut found, &plan, known.frozen.rows_name.as_deref());
        match &mut self.summary {
            Some(summary) => summary.failures = found,
            None => self.failures = found,
        }
    }
}
