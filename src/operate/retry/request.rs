//! The request and the report of `retry`.

use std::path::PathBuf;

use crate::model::RunId;
use crate::operate::drive::RunReport;
use crate::operate::interface::{Confirmed, GivenRows, Pace};

/// The rows of a run that a retry takes, by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryOutcome {
    /// Rows of which no effect stands.
    Failed,
    /// Rows of which some effects stand.
    Partial,
    /// Rows for which nothing was sent.
    NotStarted,
    /// Rows that were unknown and have since been settled by a lookup or a person.
    Unknown,
}

/// A retry of a run.
#[derive(Debug, Clone)]
pub struct RetryRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The rows that are taken.
    pub only: Vec<RetryOutcome>,
    /// Corrected rows, matched by their keys; empty for the run's own.
    pub rows: Vec<GivenRows>,
    /// A corrected playbook, its steps matched by their ids; `None` for the run's own.
    pub playbook: Option<PathBuf>,
    /// The pace and the stop rules.
    pub pace: Pace,
    /// The confirmations that are given ahead.
    pub confirmed: Confirmed,
}

impl RetryRequest {
    /// A retry of the rows that failed, are partial or were not started, with the same rows and playbook.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self {
            run: run.into(),
            only: vec![RetryOutcome::Failed, RetryOutcome::Partial, RetryOutcome::NotStarted],
            rows: Vec::new(),
            playbook: None,
            pace: Pace::default(),
            confirmed: Confirmed::default(),
        }
    }
}

/// The result of a retry.
#[derive(Debug, Clone)]
pub enum RetryReport {
    /// A run was made.
    Ran(Box<RunReport>),
    /// No row of the run needs a retry.
    Nothing {
        /// The run.
        run: RunId,
        /// Whether it has unknown rows, which must be settled first.
        unknown: bool,
    },
}
