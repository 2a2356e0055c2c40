//! `runs show`: one run in full, with its family; or what is still known of a run that was pruned.

use super::family::{Family, family_of};
use super::status::RunStatus;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{PrunedStatus, find_run, pruned_runs, unreadable_run};

/// A request for one run.
#[derive(Debug, Clone)]
pub struct ShowRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
}

/// One run.
#[derive(Debug)]
pub enum ShowReport {
    /// A run that is kept.
    Kept {
        /// Its current state, with the kinds of failures.
        run: Box<RunStatus>,
        /// The runs that belong together with it; `None` where it has neither retries nor undos and is none.
        family: Option<Family>,
    },
    /// A run that was pruned.
    Pruned(Box<PrunedStatus>),
}

/// Returns the current state of one run, with the kinds of failures.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, ShowReport, ShowRequest, run, show};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let ShowReport::Kept { run, family } = show(&ShowRequest { run: "latest".to_owned() }, &context)? else {
///     unreachable!("nothing was pruned");
/// };
/// assert_eq!(run.open_rows(), 0);
/// assert!(family.is_none(), "it was neither retried nor undone");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Broken`] where its journal cannot be read.
pub fn show(request: &ShowRequest, context: &Context) -> Result<ShowReport, Refusal> {
    let state = context.state()?;
    let known = match find_run(state, &request.run) {
        Ok(known) => known,
        Err(refusal) => return find_pruned(state, &request.run).ok_or(refusal),
    };
    let id = &known.frozen.run_id;
    let standing = RunStatus::of(&known);
    let mut run = standing.map_err(|error| unreadable_run(&known.folder, id.as_str(), &error))?;
    run.look_for_failures(&known, context.unmask);
    let family = family_of(state, &run);
    Ok(ShowReport::Kept { run: Box::new(run), family })
}

/// The pruned run that a word names; `None` where it names none or several.
fn find_pruned(state: &std::path::Path, word: &str) -> Option<ShowReport> {
    let mut meant =
        pruned_runs(state).ok()?.into_iter().filter(|run| !word.is_empty() && run.run.as_str().starts_with(word));
    let found = meant.next()?;
    let one = crate::operate::state_folder::run_ids(state).ok()?.iter().filter(|id| id.starts_with(word)).count() == 1;
    one.then(|| ShowReport::Pruned(Box::new(found)))
}
