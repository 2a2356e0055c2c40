//! What a retry is asked to do, and how it came out.

use std::path::PathBuf;

use crate::model::RunId;
use crate::operate::drive::RunReport;
use crate::operate::interface::{Confirmed, GivenRows, Pace};

/// Which rows of a run a retry takes, by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryOutcome {
    /// Rows of which nothing took effect.
    Failed,
    /// Rows of which some effects stand.
    Partial,
    /// Rows for which nothing was sent.
    NotStarted,
    /// Rows that were unknown, once a lookup or a person has settled them.
    Unknown,
}

/// A retry of a run.
#[derive(Debug, Clone)]
pub struct RetryRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// Which rows are taken.
    pub only: Vec<RetryOutcome>,
    /// Corrected rows, known by their keys.
    pub rows: Vec<GivenRows>,
    /// A corrected playbook, its steps known by their ids; `None` for the run's own.
    pub playbook: Option<PathBuf>,
    /// How the run goes.
    pub pace: Pace,
    /// What is confirmed ahead.
    pub confirmed: Confirmed,
}

impl RetryRequest {
    /// A retry of the rows that failed, are partial or were not started, as they were.
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

/// How a retry came out.
#[derive(Debug, Clone)]
pub enum RetryReport {
    /// A run was made.
    Ran(Box<RunReport>),
    /// Nothing of the run is to be done again.
    Nothing {
        /// The run.
        run: RunId,
        /// Whether rows of it are unknown, and must be settled first.
        unknown: bool,
    },
}
