//! The summary of a run: what programs read as JSON at the end.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failures::FailureKind;
use crate::journal::OperationCounts;
use crate::model::{Map, RowOutcome, RunId, Value, words};
use crate::policy::{StopKind, StopReason};

/// A run's summary; its JSON is the one that `--format json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The run.
    pub run_id: RunId,
    /// The run whose missing work it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<RunId>,
    /// The run that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_of: Option<RunId>,
    /// The environment that it talked to.
    pub environment: String,
    /// How the run as a whole ended.
    pub outcome: RunOutcome,
    /// Why it stopped before its end, if it did: `kind`, what belongs to it, and `message` in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Stop>")]
    pub stopped: Option<Value>,
    /// How many rows, and how many of each outcome.
    pub rows: RowCounts,
    /// Calls of each operation, by its name.
    pub operations: BTreeMap<String, OperationCounts>,
    /// What went wrong, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureKind>,
    /// What was said of its files before it began, warnings and notes: as under `diagnostics` of `check`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// When it first started, RFC 3339.
    pub started_at: String,
    /// When it ended, RFC 3339.
    pub finished_at: String,
    /// From the one to the other, in milliseconds.
    pub duration_ms: u64,
    /// The row files.
    pub files: Vec<PathBuf>,
}

/// Why a run stops before its end.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stop {
    /// The rule: `threshold`, `gate`, `new_kind`, `budget`, `step_failed`, `before`, `refused`, `redirected`,
    /// `unreachable`, `no_token`, `quota_exhausted`, `left_to_other_run`, `broke_off`, `settled` or `interrupted`
    pub kind: String,
    /// In words
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
        /// Stopped early by a threshold, a gate, a budget, a hold or a quota; can be resumed.
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
    /// A stop as programs read it, in words that show nobody's data. Its parts are told where they are our own figures.
    #[must_use]
    pub(crate) fn stop_of(reason: &StopReason, told: &str) -> Value {
        let parts = serde_json::to_value(reason).unwrap_or_default();
        let mut stop = Map::new();
        if let Value::Object(parts) = parts {
            let ours = reason.kind().has_own_figures();
            // Where a row stands in the input is the journal's own way to count.
            let shown = parts.into_iter().filter(|(name, _)| name == "kind" || (ours && name != "upto"));
            stop.extend(shown);
        }
        stop.insert("message".to_owned(), told.into());
        Value::Object(stop)
    }

    /// The summary without what vendors said and without what files hold: both may be people's data.
    #[must_use]
    pub(crate) fn without_words(&self) -> Self {
        let mut silent = Self { failures: Vec::new(), warnings: Vec::new(), ..self.clone() };
        if let Some(Value::Object(stopped)) = &mut silent.stopped {
            stopped.remove("message");
        }
        silent
    }

    /// Why it stopped before its end, in words.
    #[must_use]
    pub fn why_stopped(&self) -> Option<&str> {
        self.stopped.as_ref()?.get("message")?.as_str()
    }

    /// Whether it stopped because the vendor redirects its calls, which no resumed run would change.
    #[must_use]
    pub fn was_redirected(&self) -> bool {
        self.stopped_by(StopKind::Redirected)
    }

    /// Whether it stopped for a reason of that kind.
    pub(super) fn stopped_by(&self, kind: StopKind) -> bool {
        self.stopped.as_ref().and_then(|stop| stop.get("kind")).is_some_and(|found| found == kind.as_str())
    }
}

impl RunOutcome {
    /// How a run ended that stopped for that reason, where no row is unknown.
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
            | StopKind::Settled => Self::Stopped,
        }
    }

    /// Whether a playbook's test can bring it about, and so expect it.
    #[must_use]
    pub fn can_be_expected(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Unknown | Self::Stopped | Self::Refused => true,
            Self::Interrupted | Self::Broken => false,
        }
    }
}

/// How many rows, and how many of each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RowCounts {
    /// All rows of the run.
    pub total: u64,
    /// Sent, answer never learned, not settled.
    pub unknown: u64,
    /// Some effects stand, others are missing.
    pub partial: u64,
    /// Ended without success, nothing of it stands.
    pub failed: u64,
    /// No call was sent.
    pub not_started: u64,
    /// Every step done.
    pub succeeded: u64,
    /// Already as wanted.
    pub unchanged: u64,
    /// Left out by design.
    pub skipped: u64,
}

impl RowCounts {
    /// Counts one row, in its outcome and in the total.
    pub fn add(&mut self, outcome: RowOutcome) {
        self.total += 1;
        *self.slot(outcome) += 1;
    }

    /// Sets how many rows ended so.
    pub fn count(&mut self, outcome: RowOutcome, rows: u64) {
        *self.slot(outcome) = rows;
    }

    /// How many rows ended so.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome) -> u64 {
        let mut copy = *self;
        *copy.slot(outcome)
    }

    /// Whether the counts of the outcomes add up to the total.
    #[must_use]
    pub fn balance(&self) -> bool {
        RowOutcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum::<u64>() == self.total
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
