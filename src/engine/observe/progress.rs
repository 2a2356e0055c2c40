//! The progress of a run, as counts. They never exceed what the journal contains.

use std::collections::BTreeMap;

use super::call_totals::OperationCalls;
use super::failure_tally::FailureCount;
use super::run_wait::RunWait;
use crate::journal::OperationCounts;
use crate::model::{Rate, Time};
use crate::policy::{Counts, SteeredBy};

/// A run's counts so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// Rows by outcome, also those that ended in earlier processes.
    pub rows: Counts,
    /// The rows that ended before this process.
    pub rows_before: u64,
    /// The calls that this process sent, by operation.
    pub operations: BTreeMap<String, OperationCounts>,
    /// The calls that the plan has, by operation in the order of the steps; without lookups.
    pub calls: Vec<OperationCalls>,
    /// Whether only unknown calls are looked up. `calls` then counts the lookups.
    pub lookups_only: bool,
    /// The calls that the run's own rate allows in a second; `None` without such a rate.
    pub per_second: Option<f64>,
    /// The most calls that may be under way at once.
    pub most_in_flight: u32,
    /// Requests that were sent and are not answered yet.
    pub in_flight: u64,
    /// Rows that have begun and not ended.
    pub active: u64,
    /// The number of the current wave, from 1, and the number of waves; `None` if the run has no waves.
    pub wave: Option<(u64, u64)>,
    /// What the run as a whole waits for; `None` if it waits for nothing or only for its turn under a rate limit.
    pub waits: Option<RunWait>,
    /// When the send window opens, if a write waits for it: as an instant and in the window's own time zone.
    pub closed_until: Option<(Time, String)>,
    /// The end of a wait that the vendor asked for by `Retry-After`, at most a day ahead; `None` once it has passed.
    pub asked_until: Option<Time>,
    /// Attempts with a temporary failure: no connection, no answer, or throttled.
    pub troubled: u64,
    /// The last temporary failure: the operation, and what happened.
    pub last_trouble: Option<String>,
    /// The most frequent kind of failure; `None` while no row failed.
    pub most_frequent_failure: Option<FailureCount>,
    /// The kind of the last failure; `None` while no row failed.
    pub last_failure: Option<FailureCount>,
    /// Whether the run stops and starts nothing new.
    pub draining: bool,
    /// Who paused the run and when; `None` while it is not paused.
    pub paused: Option<(SteeredBy, Time)>,
    /// The run's own rate as it was last set; `None` if it has none.
    pub rate: Option<Rate>,
}
