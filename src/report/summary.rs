//! The summary of a run, which programs read as JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failures::FailureKind;
use super::steering::{TimedSteering, is_paused};
use crate::journal::OperationCounts;
use crate::model::{Map, RowOutcome, RunId, Value, words};
use crate::policy::{Counts, StopKind, StopReason};

/// The summary of a run. `--format json` prints it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The run's id.
    pub run_id: RunId,
    /// The run whose missing work it does; absent unless it is a retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<RunId>,
    /// The run that it undoes; absent unless it is an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_of: Option<RunId>,
    /// The environment.
    pub environment: String,
    /// How the run as a whole ended.
    pub outcome: RunOutcome,
    /// Why it stopped early; null if it did not. `kind` is the reason, further members belong to it, and `message` is
    /// a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Stop>")]
    pub stopped: Option<Value>,
    /// How people steered it while it was under way, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steered: Vec<TimedSteering>,
    /// The number of rows, in all and by outcome.
    pub rows: RowCounts,
    /// The calls of each operation, by its name.
    pub operations: BTreeMap<String, OperationCounts>,
    /// What went wrong, the most frequent kind first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureKind>,
    /// Warnings and notes about its files, in the form of `diagnostics` of `check`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// When it first began, RFC 3339.
    pub started_at: String,
    /// When it finished or stopped, RFC 3339.
    pub finished_at: String,
    /// The time between the two, in milliseconds.
    pub duration_ms: u64,
    /// The row files, the file of all rows first.
    pub files: Vec<PathBuf>,
}

/// Why a run stopped early.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stop {
    /// The rule: `threshold`, `gate`, `new_kind`, `budget`, `step_failed`, `before`, `refused`, `redirected`,
    /// `unreachable`, `no_token`, `quota_exhausted`, `left_to_other_run`, `broke_off`, `settled`, `drained`, `cancelled`,
    /// `paused` or `interrupted`
    pub kind: String,
    /// The reason as a sentence
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

words! {
    /// How a run as a whole ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RunOutcome {
        /// Every row succeeded, was unchanged or was skipped by design.
        Succeeded = "succeeded",
        /// Finished; some rows failed or are partial.
        Failed = "failed",
        /// Some rows are unknown.
        Unknown = "unknown",
        /// Stopped early by a stop rule, a gate, an effect budget or a used-up quota, or because the vendor cannot be
        /// reached; can be resumed.
        Stopped = "stopped",
        /// Credentials, permission or quota refused for the whole run.
        Refused = "refused",
        /// Interrupted after a clean drain; can be resumed.
        Interrupted = "interrupted",
        /// An internal or I/O failure; can be resumed.
        Broken = "broken",
    }
}

impl Summary {
    /// Converts a stop to JSON, with a message that shows no personal data. Its details are included only if they are
    /// runsheet's own numbers.
    #[must_use]
    pub(crate) fn stop_of(reason: &StopReason, told: &str) -> Value {
        let parts = serde_json::to_value(reason).unwrap_or_default();
        let mut stop = Map::new();
        if let Value::Object(parts) = parts {
            let ours = reason.kind().has_own_figures();
            // A row's position in the input is internal to the journal.
            let shown = parts.into_iter().filter(|(name, _)| name == "kind" || (ours && name != "upto"));
            stop.extend(shown);
        }
        stop.insert("message".to_owned(), told.into());
        Value::Object(stop)
    }

    /// The summary without messages of vendors and contents of files, which may be personal data.
    #[must_use]
    pub(crate) fn without_words(&self) -> Self {
        let mut silent = Self { failures: Vec::new(), warnings: Vec::new(), ..self.clone() };
        if let Some(Value::Object(stopped)) = &mut silent.stopped {
            stopped.remove("message");
        }
        silent
    }

    /// The reason for an early stop as a sentence; `None` if it did not stop early.
    #[must_use]
    pub fn why_stopped(&self) -> Option<&str> {
        self.stopped.as_ref()?.get("message")?.as_str()
    }

    /// Whether it stopped because the vendor redirects its calls. A resumed run would be redirected, too.
    #[must_use]
    pub(crate) fn was_redirected(&self) -> bool {
        self.stopped_by(StopKind::Redirected)
    }

    /// Whether it was paused and the pause has not ended: a resumed run would send nothing.
    #[must_use]
    pub(crate) fn is_paused(&self) -> bool {
        is_paused(&self.steered)
    }

    /// Whether it was cancelled, so that it cannot be resumed.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.stopped_by(StopKind::Cancelled)
    }

    /// Whether it stopped for this kind of reason.
    pub(super) fn stopped_by(&self, kind: StopKind) -> bool {
        self.stopped.as_ref().and_then(|stop| stop.get("kind")).is_some_and(|found| found == kind.as_str())
    }
}

impl RunOutcome {
    /// The outcome of a run that stopped for this reason and has no unknown rows.
    #[must_use]
    pub(crate) fn of_stop(reason: StopKind) -> Self {
        match reason {
            StopKind::Refused => Self::Refused,
            StopKind::Interrupted => Self::Interrupted,
            StopKind::Threshold
            | StopKind::Gate
            | StopKind::NewKind
            | StopKind::Budget
            | StopKind::StepFailed
            | StopKind::Before
            | StopKind::Redirected
            | StopKind::Unreachable
            | StopKind::NoToken
            | StopKind::QuotaExhausted
            | StopKind::LeftToOtherRun
            | StopKind::BrokeOff
            | StopKind::Settled
            | StopKind::Drained
            | StopKind::Cancelled
            | StopKind::Paused => Self::Stopped,
        }
    }

    /// Whether a playbook's test can cause this outcome and thus expect it.
    #[must_use]
    pub(crate) fn can_be_expected(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Unknown | Self::Stopped | Self::Refused => true,
            Self::Interrupted | Self::Broken => false,
        }
    }
}

/// The number of rows, in all and by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RowCounts {
    /// All rows of the run.
    pub total: u64,
    /// A call was sent, its answer was lost, and it is not settled.
    pub unknown: u64,
    /// Some effects exist, others are missing.
    pub partial: u64,
    /// Ended without success; no effect exists.
    pub failed: u64,
    /// No call of the row was sent.
    pub not_started: u64,
    /// Every step is done.
    pub succeeded: u64,
    /// Nothing to do: everything was already so.
    pub unchanged: u64,
    /// Left out by the playbook.
    pub skipped: u64,
}

impl From<&Counts> for RowCounts {
    fn from(counts: &Counts) -> Self {
        let mut rows = Self { total: counts.total, ..Self::default() };
        for outcome in RowOutcome::ALL {
            rows.count(outcome, counts.of(outcome));
        }
        rows
    }
}

impl RowCounts {
    /// Counts one row, in its outcome and in the total.
    pub(crate) fn add(&mut self, outcome: RowOutcome) {
        self.total += 1;
        *self.slot(outcome) += 1;
    }

    /// Sets the number of rows with an outcome.
    pub(crate) fn count(&mut self, outcome: RowOutcome, rows: u64) {
        *self.slot(outcome) = rows;
    }

    /// The number of rows with an outcome.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome) -> u64 {
        let mut copy = *self;
        *copy.slot(outcome)
    }

    fn slot(&mut self, outcome: RowOutcome) -> &mut u64 {
        match outcome {
            RowOutcome::Unknown => &mut self.unknown,
            RowOutcome::Partial => &mut self.partial,
            RowOutcome::Failed => &mut self.failed,
            RowOutcome::NotStarted => &mut self.not_started,
            RowOutcome::Succeeded => &mut self.succeeded,
            RowOutcome::Unchanged => &mut self.unchanged,
            RowOutcome::Skipped => &mut self.skipped,
        }
    }
}
