//! What a run is driven with, what steers it from outside, and why it may break off.

use std::sync::{Arc, Mutex};

use crate::engine::Progress;
use crate::io::journal::{EffectHistory, JournalError};
use crate::io::{Clock, Ledger, LedgerError};
use crate::model::Limits;
use crate::plan::Plan;
use crate::playbook::RunBounds;
use crate::runner::events::RunEvents;
use crate::runner::vendors::Vendor;

/// Orders from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Start nothing new, let calls in flight end.
    Drain {
        /// The signal that asked for it.
        signal: i32,
    },
    /// Stop at once; writes in flight become unknown.
    Abort {
        /// The signal that asked for it.
        signal: i32,
    },
}

/// Why a run broke off.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The journal could not be written; nothing was sent after that.
    #[error("{0}")]
    Unwritable(JournalError),
    /// The ledger of calls could not be used, so no further call could be told to be within its limit.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What is driven.
pub struct Drive {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The run's seed.
    pub seed: u64,
    /// The run's own limits.
    pub limits: Limits,
    /// What bounds its damage.
    pub bounds: RunBounds,
    /// Whether its waves are cut anew, from the rows that have not ended.
    pub recut_waves: bool,
    /// The plan's connections, by the same places.
    pub vendors: Vec<Arc<Vendor>>,
    /// Counts for the screen.
    pub progress: Arc<Mutex<Progress>>,
    /// The clock.
    pub clock: Clock,
    /// Whether it only asks what became of calls in doubt; nothing else is sent then.
    pub lookups_only: bool,
    /// What other runs have made; none where that does not matter.
    pub history: Option<EffectHistory>,
    /// The budgets that all processes on this machine share; none where the vendors are simulators in this one.
    pub ledger: Option<Ledger>,
    /// Where it is told as events, if anywhere.
    pub events: Option<RunEvents>,
}
