//! A run of the list as JSON.

use serde::Serialize;

use crate::model::RunId;
use crate::operate::{RowCounts, RunStatus, RunsReport};

/// The runs of the list, newest first.
#[derive(Serialize)]
pub(super) struct RunList<'r> {
    runs: Vec<ListedRun<'r>>,
    /// Those that cannot be read.
    unreadable: Vec<UnreadableRun<'r>>,
    /// The states that a filter can ask for.
    states: &'r [&'static str],
    /// Whether there are older ones of the same filter.
    more: bool,
}

#[derive(Serialize)]
struct ListedRun<'r> {
    run_id: &'r RunId,
    /// `run`, `retry` or `undo`.
    kind: &'static str,
    /// The run that it retries or undoes.
    earlier_run: Option<&'r RunId>,
    state: &'static str,
    playbook: &'r str,
    environment: &'r str,
    started_at: String,
    rows: RowCounts,
    /// The rows that have not ended.
    open_rows: u64,
    /// What is lost of it.
    lost: Option<&'r str>,
}

#[derive(Serialize)]
struct UnreadableRun<'r> {
    run_id: &'r RunId,
    why: &'r str,
}

impl<'r> RunList<'r> {
    pub(super) fn of(report: &'r RunsReport) -> Self {
        let unreadable = report.unreadable.iter().map(|(run_id, why)| UnreadableRun { run_id, why });
        Self {
            runs: report.runs.iter().map(ListedRun::of).collect(),
            unreadable: unreadable.collect(),
            states: &report.states,
            more: report.more,
        }
    }
}

impl<'r> ListedRun<'r> {
    fn of(run: &'r RunStatus) -> Self {
        Self {
            run_id: &run.run,
            kind: run.kind(),
            earlier_run: run.link.as_ref().map(|link| &link.of),
            state: run.state.as_str(),
            playbook: &run.playbook,
            environment: &run.environment,
            started_at: run.started_at.to_string(),
            rows: RowCounts::from(&run.rows),
            open_rows: run.open_rows(),
            lost: run.lost.as_deref(),
        }
    }
}
