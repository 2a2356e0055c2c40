//! How far a run is at this moment: from the process that drives it, else from its summary or its journal. It reads no row.

use std::time::Duration;

use serde::Serialize;

use crate::io::control::{ControlAnswer, ControlAsk, ask};
use crate::io::journal::{Reader, RunLock};
use crate::model::{RunId, Value};
use crate::operate::interface::{Context, Refusal};
use crate::operate::runs::{RunState, RunStatus};
use crate::operate::state_folder::unreadable_run;
use crate::policy::SteerOrigin;
use crate::report::RowCounts;
use crate::runner::RunFolder;

/// How long the process has to answer. If it does not, the journal does.
const PATIENCE: Duration = Duration::from_millis(500);

/// A request for the present state of a run.
#[derive(Debug, Clone)]
pub(crate) struct LiveRequest {
    /// The run's whole id.
    pub run: RunId,
}

/// The present state of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LiveReport {
    /// The run.
    pub run_id: RunId,
    /// Whether it is under way, broken off or ended, as a word.
    pub state: &'static str,
    /// Whether a process drives it.
    pub driven: bool,
    /// The number of the last entry of its journal, which grows with everything that happens to it.
    pub entry: u64,
    /// Its ended rows by outcome, and the total.
    pub rows: RowCounts,
    /// What the process that drives it tells: calls, waits, the rate, a pause. `None` if none does.
    pub progress: Option<Value>,
}

/// Returns the present state of a run.
///
/// # Errors
/// [`Refusal::Usage`] where there is no such run; [`Refusal::Conflict`] where another user owns it; [`Refusal::Broken`] where
/// its journal cannot be read.
pub(crate) fn live(request: &LiveRequest, context: &Context) -> Result<LiveReport, Refusal> {
    let run = &request.run;
    let state = context.state()?;
    let folder = RunFolder::of(state, run);
    if RunLock::is_held(folder.path())
        && let Some(progress) = told_by_process(&folder)?
        && let Some(rows) = progress.get("rows").and_then(|rows| serde_json::from_value(rows.clone()).ok())
    {
        return Ok(LiveReport {
            run_id: run.clone(),
            state: RunState::Running.as_str(),
            driven: true,
            entry: last_entry(&folder, run)?,
            rows,
            progress: Some(progress),
        });
    }
    let read = RunStatus::read(state, run).map_err(|error| unreadable_run(&folder, run.as_str(), &error))?;
    let status = read.ok_or_else(|| Refusal::Usage(format!("there is no run `{run}`")))?;
    Ok(LiveReport {
        run_id: status.run.clone(),
        state: status.state.as_str(),
        driven: status.state == RunState::Running,
        entry: last_entry(&folder, run)?,
        rows: RowCounts::from(&status.rows),
        progress: None,
    })
}

/// The number of the journal's last entry.
fn last_entry(folder: &RunFolder, run: &RunId) -> Result<u64, Refusal> {
    let read = Reader::open(&folder.journal()).and_then(|reader| reader.last_entry());
    read.map_err(|error| unreadable_run(folder, run.as_str(), &error))
}

/// What the process that drives a run tells; `None` if it does not listen.
fn told_by_process(folder: &RunFolder) -> Result<Option<Value>, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match runtime.block_on(ask(folder.path(), ControlAsk::Status, SteerOrigin::Page, PATIENCE)) {
        Ok(ControlAnswer::Status(progress)) => Ok(Some(progress)),
        // It starts, ends, or is an older program: the journal tells enough.
        Ok(ControlAnswer::Done(_) | ControlAnswer::Refused(_)) | Err(_) => Ok(None),
    }
}

/// Whether a run has a folder; its id must be whole.
pub(crate) fn has_folder(run: &RunId, context: &Context) -> Result<bool, Refusal> {
    Ok(RunFolder::of(context.state()?, run).path().is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::{RunRequest, run};

    #[test]
    fn a_run_that_has_ended_is_at_rest_with_all_its_rows() {
        let state = tempfile::tempdir().unwrap();
        let context = Context::new().state_folder(state.path());
        let ran = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context).unwrap();

        let now = live(&LiveRequest { run: ran.summary.run_id }, &context).unwrap();
        assert_eq!((now.state, now.driven, now.progress), ("succeeded", false, None));
        assert_eq!(now.rows, ran.summary.rows);
        assert!(now.entry > 0);
    }
}
