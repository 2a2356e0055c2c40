//! The record of a run: what every report of it says about the run as a whole. It is made from the journal, in whatever
//! state the run is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failures::{FailureKind, OtherKinds};
use super::next_steps::NextStep;
use super::steering::{TimedSteering, is_paused};
use super::summary::{RowCounts, RunOutcome, Stop};
use crate::journal::{CallTimeSummary, OperationCounts};
use crate::model::{RowOutcome, RunId, Value, words};

/// The version of the form of a record. A member that is added does not change it.
pub const RECORD_VERSION: u32 = 1;

/// What is known of a run as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// The version of this form.
    pub version: u32,
    /// The run's id.
    pub run_id: RunId,
    /// Whether it is a run of a playbook, a retry or an undo.
    pub kind: RunKind,
    /// The run that it retries or undoes; absent for a run of a playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_run: Option<RunId>,
    /// The runs that were made from it, oldest first.
    pub later_runs: Vec<RunId>,
    /// Where it stands.
    pub state: RecordedState,
    /// How it ended as a whole; null while it is under way or broken off.
    pub outcome: Option<RunOutcome>,
    /// What became of it, as a sentence.
    pub verdict: String,
    /// What to do next, the most urgent first.
    pub next: Vec<NextStep>,
    /// The playbook's name.
    pub playbook: String,
    /// The playbook's path, as it was given when the run began.
    pub playbook_file: String,
    /// The row file's name; null if the playbook has no rows.
    pub rows_file: Option<String>,
    /// The environment.
    pub environment: String,
    /// Whether its calls went to the built-in sandbox and not to a vendor.
    pub sandbox: bool,
    /// The user who started it; null if the journal does not name one.
    pub started_by: Option<String>,
    /// The processes that drove it, oldest first; the last twenty if there were more.
    pub processes: Vec<RunProcess>,
    /// The version of runsheet that began it.
    pub runsheet: String,
    /// When it first began, RFC 3339.
    pub started_at: String,
    /// When it finished or stopped, RFC 3339; null while it is under way or broken off.
    pub finished_at: Option<String>,
    /// When this record was made, RFC 3339.
    pub recorded_at: String,
    /// The time from its beginning to its end, in milliseconds; to the moment of this record if it has not ended.
    pub duration_ms: u64,
    /// Why it stopped early; null if it did not. `kind` is the reason, further members belong to it, and `message` is
    /// a sentence.
    #[schemars(with = "Option<Stop>")]
    pub stopped: Option<Value>,
    /// How people steered it while it was under way, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steered: Vec<TimedSteering>,
    /// The number of rows, in all and by outcome. The counts of the outcomes add up to the total.
    pub rows: RowCounts,
    /// Those of them that a process works on at this moment: they began and have not ended. Each counts as the outcome that
    /// it would have if the run broke off now, and belongs to no kind of failure. Absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<RowCounts>,
    /// The calls of each operation, by its name.
    pub operations: BTreeMap<String, OperationRecord>,
    /// What went wrong, the most frequent kind first.
    pub failures: Vec<FailureKind>,
    /// The kinds of failure that are not listed.
    pub other_failures: OtherKinds,
    /// Warnings and notes about its files, in the form of `diagnostics` of `check`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// Errors that the audit of the journal found. Any of them is a defect of runsheet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// The row files that are there, the file of all rows first.
    pub files: Vec<PathBuf>,
}

words! {
    /// What a run does with its rows.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RunKind {
        /// Runs the steps of a playbook.
        Run = "run",
        /// Does what is missing of an earlier run.
        Retry = "retry",
        /// Takes back what an earlier run changed.
        Undo = "undo",
    }
}

words! {
    /// Where a run stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RecordedState {
        /// A process drives it.
        Running = "running",
        /// No process drives it, and it neither finished nor stopped: it crashed and can be resumed.
        BrokenOff = "broken_off",
        /// It stopped early.
        Stopped = "stopped",
        /// It finished.
        Finished = "finished",
    }
}

/// A process that drove a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunProcess {
    /// When it started or resumed the run, RFC 3339.
    pub began_at: String,
    /// Its number in the system.
    pub process: u32,
    /// The user who ran it; null if the journal does not name one.
    pub user: Option<String>,
}

/// What was called of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OperationRecord {
    /// Calls that have ended.
    pub calls: u64,
    /// Requests sent for them.
    pub attempts: u64,
    /// Throttled answers.
    pub throttled: u64,
    /// How long the requests took, in milliseconds; absent if the journal does not hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<CallTimeSummary>,
}

impl OperationRecord {
    /// The record of these counts, with how long the requests took.
    #[must_use]
    pub(crate) fn new(counts: OperationCounts, latency_ms: Option<CallTimeSummary>) -> Self {
        let OperationCounts { calls, attempts, throttled } = counts;
        Self { calls, attempts, throttled, latency_ms }
    }
}

impl RunRecord {
    /// Whether the run has an end: it finished or stopped.
    #[must_use]
    pub(crate) fn has_ended(&self) -> bool {
        match self.state {
            RecordedState::Finished | RecordedState::Stopped => true,
            RecordedState::Running | RecordedState::BrokenOff => false,
        }
    }

    /// The number of rows by outcome, without those that are under way; the total is that of all rows.
    #[must_use]
    pub(crate) fn rows_at_rest(&self) -> RowCounts {
        let mut rows = self.rows;
        let under_way = self.under_way.unwrap_or_default();
        for outcome in RowOutcome::ALL {
            rows.count(outcome, self.rows.of(outcome).saturating_sub(under_way.of(outcome)));
        }
        rows
    }

    /// The number of rows that a process works on at this moment.
    #[must_use]
    pub(crate) fn rows_under_way(&self) -> u64 {
        self.under_way.map_or(0, |rows| rows.total)
    }

    /// The reason for an early stop as a sentence; `None` if it did not stop early.
    #[must_use]
    pub fn why_stopped(&self) -> Option<&str> {
        self.stopped.as_ref()?.get("message")?.as_str()
    }

    /// Changes where the run stands, with all that follows from it: whether it has an outcome and an end, what comes
    /// next, and the sentence about it.
    pub(crate) fn set_state(&mut self, state: RecordedState) {
        self.state = state;
        if !self.has_ended() {
            (self.outcome, self.finished_at, self.stopped) = (None, None, None);
        }
        match state {
            RecordedState::Running => self.next = Vec::new(),
            RecordedState::BrokenOff => self.next = vec![NextStep::go_on(&self.run_id, is_paused(&self.steered))],
            RecordedState::Stopped | RecordedState::Finished => {}
        }
        self.verdict = super::verdict::verdict(self);
    }
}
