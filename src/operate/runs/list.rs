//! `runs list`: the runs of the state folder, newest first. A run that ended is read from its summary file; the journal is
//! opened only for a run that is under way, broke off, or went on since its summary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::filter::RunsFilter;
use super::status::{CANCELLED, PAUSED, RunState, RunStatus};
use crate::io::journal::LostRun;
use crate::model::RunId;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{PrunedStatus, loss_in_short, pruned_run, pruned_runs, run_ids};
use crate::runner::RunFolder;

/// A request for the list of runs. By default it lists all.
#[derive(Debug, Clone, Default)]
pub struct RunsRequest {
    /// Which runs are listed.
    pub filter: RunsFilter,
    /// Lists only runs that began before this one; `None` for all.
    pub before: Option<RunId>,
    /// Lists at most this many, the newest; `None` for all.
    pub limit: Option<u64>,
    /// Whether pruned runs are listed too.
    pub pruned: bool,
}

/// The runs of the state folder.
#[derive(Debug)]
pub struct RunsReport {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// The runs, newest first. Their `failures` are left empty.
    pub runs: Vec<RunStatus>,
    /// The runs whose journals cannot be read or are gone, with the reason and what a person stated about them.
    pub unreadable: Vec<(RunId, String)>,
    /// Whether older runs were left out, because the request asks for no more.
    pub more: bool,
    /// The words for the states of the runs that pass the filter for all but the state: first those of runs that have not
    /// ended. If there are more runs, older ones may be in any state, so these are all words.
    pub states: Vec<&'static str>,
    /// The pruned runs, newest first; empty unless the request asks for them.
    pub pruned: Vec<PrunedStatus>,
}

/// Returns the ids of the newest runs, newest first, `most` at most. Opens none of them, and leaves pruned runs out.
///
/// # Errors
/// As [`runs`].
pub(crate) fn newest_run_ids(context: &Context, most: usize) -> Result<Vec<String>, Refusal> {
    let Some(state) = context.state_if_any()? else { return Ok(Vec::new()) };
    Ok(run_ids(state)?.into_iter().rev().filter(|id| pruned_run(state, id).is_none()).take(most).collect())
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
/// let report = runs(&RunsRequest::default(), &context)?;
/// assert_eq!(report.runs.len(), 1);
/// assert_eq!(report.runs[0].state.to_string(), "succeeded");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where there is no folder for runs, or no state with the word of the filter; [`Refusal::Broken`] where
/// the runs cannot be listed.
pub fn runs(request: &RunsRequest, context: &Context) -> Result<RunsReport, Refusal> {
    request.filter.check()?;
    let folder = context.state()?;
    let most = request.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let is_older = |run: &str| request.before.as_ref().is_none_or(|before| run < before.as_str());
    let (mut runs, mut unreadable) = (Vec::new(), Vec::new());
    let (mut more, mut seen) = (false, BTreeSet::new());
    for id in run_ids(folder)?.iter().rev().filter(|id| is_older(id)) {
        match read_listed(folder, &RunId::from_text(id.as_str())) {
            Listed::Run(status) if request.filter.wants_but_for_state(&status) => {
                seen.insert(status.state_word());
                if request.filter.wants_state(status.state_word()) {
                    if runs.len() >= most {
                        more = true;
                        break;
                    }
                    runs.push(*status);
                }
            }
            Listed::Run(_) | Listed::NotARun => {}
            Listed::Unreadable(run, why) => unreadable.push((run, why)),
        }
    }
    let wanted = |run: &PrunedStatus| is_older(run.run.as_str()) && request.filter.wants_pruned(run);
    let pruned = match request.pruned {
        true => pruned_runs(folder)?.into_iter().filter(wanted).take(most).collect(),
        false => Vec::new(),
    };
    let states = RunState::words().into_iter().filter(|word| more || seen.contains(word)).collect();
    Ok(RunsReport { folder: folder.to_owned(), runs, unreadable, more, states, pruned })
}

/// What an entry of the state folder is.
pub(crate) enum Listed {
    /// A run that can be read.
    Run(Box<RunStatus>),
    /// A run that cannot be read, and why.
    Unreadable(RunId, String),
    /// A run that never began or was pruned.
    NotARun,
}

/// Reads one entry of the state folder.
pub(crate) fn read_listed(state: &Path, run: &RunId) -> Listed {
    let lost = || LostRun::find(run, &RunFolder::of(state, run).journal());
    match RunStatus::read(state, run) {
        Ok(Some(status)) => Listed::Run(Box::new(status)),
        Ok(None) => lost().map_or(Listed::NotARun, |lost| Listed::Unreadable(run.clone(), loss_in_short(&lost))),
        Err(error) => {
            let why = lost().map_or_else(|| error.to_string(), |lost| loss_in_short(&lost));
            Listed::Unreadable(run.clone(), why)
        }
    }
}

impl RunState {
    /// All words for states, as [`RunsFilter::state`] takes them.
    #[must_use]
    pub(crate) fn words() -> Vec<&'static str> {
        let ended = crate::report::RunOutcome::ALL.into_iter().map(Self::Ended);
        let words = [Self::Running, Self::BrokenOff].into_iter().chain(ended).map(Self::as_str);
        words.chain([PAUSED, CANCELLED]).collect()
    }
}
