//! That a run was removed on purpose: when, by whom, and what it was. Its mark keeps this, so that a pruned run is never
//! taken for a lost one.

use serde::{Deserialize, Serialize};

use crate::model::{RunId, Time};
use crate::report::RowCounts;

/// What is kept of a pruned run, beside the rest of its mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrunedRun {
    /// When it was pruned.
    pub at: Time,
    /// The user who pruned it.
    pub who: String,
    /// The word for the state that it was in: `succeeded`, `failed`, `stopped`.
    pub state: String,
    /// Its rows by outcome.
    pub rows: RowCounts,
    /// The number of its rows that had not ended.
    #[serde(default)]
    pub open_rows: u64,
    /// When it last recorded anything.
    pub last_at: Time,
    /// The run that it retried; `None` if it was no retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<RunId>,
    /// The run that it undid; `None` if it was no undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_of: Option<RunId>,
    /// The digest of the list of effects that no other run may make again.
    pub guard: String,
    /// The number of those effects.
    pub effects: u64,
    /// Whether the run's folder is gone. Until then the next prune goes on with removing it.
    #[serde(default)]
    pub removed: bool,
}
