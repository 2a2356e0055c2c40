//! `runs show`: one run in full, with its family.

use super::family::{Family, family_of};
use super::status::RunStatus;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::find_run;

/// A request for one run.
#[derive(Debug, Clone)]
pub struct ShowRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
}

/// One run.
#[derive(Debug)]
pub struct ShowReport {
    /// Its current state, with the kinds of failures.
    pub run: Box<RunStatus>,
    /// The runs that belong together with it; `None` where it has neither retries nor undos and is none.
    pub family: Option<Family>,
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
/// let ShowReport { run, family } = show(&ShowRequest { run: "latest".to_owned() }, &context)?;
/// assert_eq!(run.open_rows(), 0);
/// assert!(family.is_none(), "it was neither retried nor undone");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Broken`] where its journal cannot be read.
pub fn show(request: &ShowRequest, context: &Context) -> Result<ShowReport, Refusal> {
    let state = context.state()?;
    let known = find_run(state, &request.run)?;
    let id = &known.frozen.run_id;
    let standing = RunStatus::of(&known);
    let mut run = standing.ok_or_else(|| Refusal::broken(format!("the journal of the run {id} cannot be read")))?;
    run.look_for_failures(&known, context.unmask);
    let family = family_of(state, &run);
    Ok(ShowReport { run: Box::new(run), family })
}
