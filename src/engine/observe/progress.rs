//! The progress of a run, as counts. They never exceed what the journal contains.

use std::collections::BTreeMap;

use crate::journal::OperationCounts;
use crate::model::{Rate, Time};
use crate::policy::{Counts, SteeredBy};

/// A run's counts so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// Rows by outcome, also those that ended in earlier processes.
    pub rows: Counts,
    /// The calls that this process sent, by operation.
    pub operations: BTreeMap<String, OperationCounts>,
    /// Requests that were sent and are not answered yet.
    pub in_flight: u64,
    /// Rows that have begun and not ended.
    pub active: u64,
    /// The number of the current wave, from 1, and the number of waves; `None` if the run has no waves.
    pub wave: Option<(u64, u64)>,
    /// When the send window opens, if a write waits for it: as an instant and in the window's own time zone.
    pub closed_until: Option<(Time, String)>,
    /// The end of a wait that the vendor asked for by `Retry-After`, at most a day ahead; `None` once it has passed.
    pub asked_until: Option<Time>,
    /// Attempts with a temporary failure: no connection, no answer, or throttled.
    pub troubled: u64,
    /// The last temporary failure: the operation, and what happened.
    pub last_trouble: Option<String>,
    /// Whether the run stops and starts nothing new.
    pub draining: bool,
    /// Who paused the run and when; `None` while it is not paused.
    pub paused: Option<(SteeredBy, Time)>,
    /// The run's own rate as it was last set; `None` if it has none.
    pub rate: Option<Rate>,
}
