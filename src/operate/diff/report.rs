//! What `runs diff` is asked, and what it reports.

use std::fmt;

use crate::journal::CallTimeSummary;
use crate::model::{RowOutcome, RunId};
use crate::report::FailureKind;
use crate::runner::LinkKind;

/// The most rows of one kind of change that a report names by default.
const NAMED: usize = 10;

/// A request to compare two runs.
#[derive(Debug, Clone)]
pub struct DiffRequest {
    /// The first run: its id, a unique prefix of it, or `latest`.
    pub left: String,
    /// The second run, usually the later one.
    pub right: String,
    /// The most rows of one kind of change that the report names; all are counted.
    pub named: usize,
}

impl DiffRequest {
    /// A request that names ten rows of each kind of change.
    #[must_use]
    pub fn new(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self { left: left.into(), right: right.into(), named: NAMED }
    }
}

/// What differs between two runs.
#[derive(Debug)]
pub struct DiffReport {
    /// The first run.
    pub left: DiffedRun,
    /// The second run.
    pub right: DiffedRun,
    /// What a reader must know to understand the differences.
    pub notes: Vec<DiffNote>,
    /// The rows.
    pub rows: RowChanges,
    /// The kinds of failure; `None` where the playbook of one of the runs can no longer be read.
    pub kinds: Option<KindChanges>,
    /// How long the requests of each operation took; `None` where the playbook of one of the runs can no longer be read.
    pub latency: Option<Vec<OperationLatency>>,
}

/// How long the requests of one operation took in two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLatency {
    /// The operation's full name.
    pub operation: String,
    /// In the first run; `None` where none of its requests was measured.
    pub left: Option<CallTimeSummary>,
    /// In the second run; `None` where none of its requests was measured.
    pub right: Option<CallTimeSummary>,
}

/// One of the two runs.
#[derive(Debug, Clone)]
pub struct DiffedRun {
    /// The run.
    pub run: RunId,
    /// The path of its playbook.
    pub playbook: String,
    /// The environment's name.
    pub environment: String,
    /// The word for its state.
    pub state: String,
    /// The number of its rows.
    pub rows: u64,
    /// The earlier run that it retries or undoes, and which of the two; `None` for a run of a playbook.
    pub link: Option<(LinkKind, RunId)>,
}

/// What a reader must know to understand the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffNote {
    /// The runs have different playbooks.
    Playbooks,
    /// The runs have the same playbook file with different texts.
    PlaybookChanged,
    /// The runs sent to different environments.
    Environments,
    /// One is a retry of the other, which has only the rows that the other left.
    Retry,
    /// One undoes the other, so that a row that succeeded there was taken back.
    Undo,
    /// A run is under way, so that its rows may still change.
    UnderWay,
    /// Keys are sensitive, and rows are named by their numbers.
    KeysMasked,
}

impl fmt::Display for DiffNote {
    /// Writes the note as a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl DiffNote {
    /// The word in JSON.
    #[must_use]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Playbooks => "playbooks",
            Self::PlaybookChanged => "playbook_changed",
            Self::Environments => "environments",
            Self::Retry => "retry",
            Self::Undo => "undo",
            Self::UnderWay => "under_way",
            Self::KeysMasked => "keys_masked",
        }
    }

    /// The note as a sentence.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Playbooks => {
                "The runs have different playbooks, so rows with the same key may not be about the same work."
            }
            Self::PlaybookChanged => "The playbook was changed between the runs.",
            Self::Environments => "The runs sent to different environments.",
            Self::Retry => "One run is a retry of the other, so it has only the rows that the other did not finish.",
            Self::Undo => "One run undoes the other: a row that succeeded in the undo was taken back.",
            Self::UnderWay => "A run is under way, so its rows may still change.",
            Self::KeysMasked => {
                "The keys are sensitive, so rows are named by their numbers; `--unmask` shows the keys."
            }
        }
    }
}

/// The rows of two runs, compared by their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowChanges {
    /// The number of rows with the same outcome in both runs.
    pub same: u64,
    /// Rows that end without success only in the second run.
    pub newly_failing: ChangedRows,
    /// Rows that succeed, are unchanged or are skipped only in the second run.
    pub recovered: ChangedRows,
    /// Rows whose outcome differs in another way.
    pub changed: ChangedRows,
    /// Rows of the first run alone.
    pub only_left: ChangedRows,
    /// Rows of the second run alone.
    pub only_right: ChangedRows,
}

/// The rows with one kind of change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedRows {
    /// The number of rows.
    pub count: u64,
    /// The first of them, in the order of their keys.
    pub named: Vec<ChangedRow>,
}

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRow {
    /// Its key; `None` where keys are masked.
    pub key: Option<String>,
    /// Its number in the rows of the first run; `None` where that run does not have it.
    pub left_row: Option<u64>,
    /// Its number in the rows of the second run; `None` where that run does not have it.
    pub right_row: Option<u64>,
    /// Its outcome in the first run; `None` where it has none.
    pub left: Option<RowOutcome>,
    /// Its outcome in the second run; `None` where it has none.
    pub right: Option<RowOutcome>,
}

/// The kinds of failure of two runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindChanges {
    /// Kinds that only the first run has.
    pub gone: Vec<FailureKind>,
    /// Kinds that only the second run has.
    pub new: Vec<FailureKind>,
    /// The number of kinds that both have.
    pub both: u64,
}
