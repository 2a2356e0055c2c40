//! How far a run is: counts for the progress display. They never count more than the journal holds.

use std::collections::BTreeMap;

use crate::journal::OperationCounts;
use crate::model::Time;
use crate::policy::Counts;

/// A run's counts so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows by outcome.
    pub rows: Counts,
    /// The calls that this process sent, by operation.
    pub operations: BTreeMap<String, OperationCounts>,
    /// Requests that are sent and not answered yet.
    pub in_flight: u64,
    /// Rows that have begun and not ended.
    pub active: u64,
    /// The wave under way, from 1, and how many there are; `None` where the run has no waves.
    pub wave: Option<(u64, u64)>,
    /// Where a write waits for the send window: when that opens, as an instant and in the window's own time zone.
    pub closed_until: Option<(Time, String)>,
    /// Until when the vendor asked to wait by `Retry-After`, at most a day; `None` once that has passed.
    pub asked_until: Option<Time>,
    /// Attempts that met passing trouble: no connection, no answer, refused for pace.
    pub troubled: u64,
    /// The last passing trouble: the operation, and what happened.
    pub last_trouble: Option<String>,
    /// Whether the run stops and starts nothing new.
    pub draining: bool,
}
