//! The input of the driver, orders from outside, and the reasons why a run breaks off.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use crate::engine::Progress;
use crate::io::control::SteerCall;
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
    /// Send nothing new and wait for calls under way.
    Drain {
        /// The signal that asked for it.
        signal: i32,
    },
    /// Stop at once. Writes under way become unknown.
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
    /// The journal could not be written. Nothing was sent after that.
    #[error("{0}")]
    Unwritable(JournalError),
    /// It could not be known what other runs have made, so that an effect might have been made twice.
    #[error("what other runs have sent cannot be read: {0}")]
    OtherRuns(JournalError),
    /// The ledger of calls could not be used, so that calls could not be kept within their rate limits.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A run to drive, with everything it needs.
pub struct Drive {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The seed of the run's randomness.
    pub seed: u64,
    /// The run's own limits.
    pub limits: Limits,
    /// The highest limits that people may set while it is under way.
    pub ceiling: Limits,
    /// Commands of people to the run; `None` if nobody can give any.
    pub commands: Option<mpsc::Receiver<SteerCall>>,
    /// Its bounds: stop rules, waves, effect budget, send window.
    pub bounds: RunBounds,
    /// Whether its waves are divided again, from the rows that have not ended.
    pub recut_waves: bool,
    /// The plan's connections, in the plan's order.
    pub vendors: Vec<Arc<Vendor>>,
    /// The calls of each operation that the rows will make, as counted before the run; empty if they were not counted.
    pub expected_calls: BTreeMap<String, u64>,
    /// The counts that the screen shows, which the driver updates.
    pub progress: Arc<Mutex<Progress>>,
    /// The clock of the run.
    pub clock: Clock,
    /// Whether only lookups of unknown calls are sent.
    pub lookups_only: bool,
    /// The effects of other runs; `None` if repeating them is allowed.
    pub history: Option<EffectHistory>,
    /// The rate limits shared by all processes on this machine; `None` if the vendors are simulated in this process.
    pub ledger: Option<Ledger>,
    /// Where the run is reported as events; `None` if nowhere.
    pub events: Option<RunEvents>,
}
