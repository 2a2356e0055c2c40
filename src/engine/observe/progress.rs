//! How far the run is: counts for the screen, never ahead of the disk.

use std::collections::BTreeMap;

use crate::journal::OperationCounts;
use crate::model::Time;
use crate::policy::Counts;

/// A run's counts so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows by outcome.
    pub rows: Counts,
    /// What this process sent, by operation.
    pub operations: BTreeMap<String, OperationCounts>,
    /// Calls on the wire.
    pub in_flight: u64,
    /// Rows that were begun and have not ended.
    pub active: u64,
    /// Which wave it is, from 1, and of how many.
    pub wave: Option<(u64, u64)>,
    /// Outside the send window with something to send: when the window opens, as an instant and on the wall there.
    pub closed_until: Option<(Time, String)>,
    /// Until when the vendor asked to wait by `Retry-After`, where that is still ahead; at most a day.
    pub asked_until: Option<Time>,
    /// Calls that met passing trouble: no connection, no answer, refused for pace.
    pub troubled: u64,
    /// The last of it: operation and what happened.
    pub last_trouble: Option<String>,
    /// Whether nothing new is started any more.
    pub draining: bool,
}
