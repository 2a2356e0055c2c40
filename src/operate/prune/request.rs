//! What `runs prune` is asked, and what it reports.

use std::path::PathBuf;
use std::time::Duration;

use super::rules::KeptBecause;
use crate::model::RunId;

/// The age from which on a run is pruned by default.
const OLDER_THAN: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A request to remove old runs.
#[derive(Debug, Clone)]
pub struct PruneRequest {
    /// Runs that recorded anything within this time are kept.
    pub older_than: Duration,
    /// This many runs are kept whatever their age, the newest.
    pub keep: u64,
    /// Whether runs with unknown rows are removed too.
    pub unknown: bool,
    /// Whether runs that can be resumed are removed too.
    pub unfinished: bool,
    /// Whether runs are removed too that made effects in the last year. As long as such a run is there, no other run repeats
    /// these effects. Runs in the sandbox are never kept for that.
    pub guarding: bool,
    /// Whether nothing is removed, and the report says what would be.
    pub dry_run: bool,
    /// Whether the confirmation is given ahead.
    pub confirmed: bool,
}

impl Default for PruneRequest {
    /// Removes what is older than 90 days, after a confirmation.
    fn default() -> Self {
        Self {
            older_than: OLDER_THAN,
            keep: 0,
            unknown: false,
            unfinished: false,
            guarding: false,
            dry_run: false,
            confirmed: false,
        }
    }
}

/// What was removed and kept.
#[derive(Debug, Default)]
pub struct PruneReport {
    /// The folder that holds the runs.
    pub folder: PathBuf,
    /// Whether nothing was removed, because only a list was asked for.
    pub dry_run: bool,
    /// The removed runs, or those that would be removed; oldest first.
    pub removed: Vec<PrunedRunReport>,
    /// The runs that are kept, newest first, each with the reason.
    pub kept: Vec<(RunId, KeptBecause)>,
    /// The runs that could not be removed, each with the error. They are whole, or the next prune goes on with them.
    pub failed: Vec<(RunId, String)>,
}

/// A run that was removed, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunedRunReport {
    /// The run.
    pub run: RunId,
    /// The path of its playbook; empty where it never began.
    pub playbook: String,
    /// The environment's name; empty where it never began.
    pub environment: String,
    /// The word for its state: that of `runs list`, or `never began`.
    pub state: String,
    /// The number of its rows.
    pub rows: u64,
    /// The number of bytes that its folder takes up.
    pub bytes: u64,
    /// The number of effects that no other run makes again because of it; `None` where only a list was asked for.
    pub guarded_effects: Option<u64>,
}
