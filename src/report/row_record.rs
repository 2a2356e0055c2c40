//! The final state of one row, ready to be written.

use bytes::Bytes;

use crate::journal::GoesOn;
use crate::model::{RowOutcome, Time, Value};

/// A row with its outcome.
#[derive(Debug, Clone)]
pub struct RowRecord {
    /// The row's position in the input, counted from 0.
    pub position: u64,
    /// The row's number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// The row's own bytes, without its line end.
    pub raw: Bytes,
    /// How it ended.
    pub outcome: RowOutcome,
    /// Whether a resumed run goes on with it.
    pub goes_on: GoesOn,
    /// The step that decided the outcome; `None` if no step did.
    pub step: Option<String>,
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
    /// The vendor's message, or runsheet's.
    pub message: Option<String>,
    /// The vendor's id of the request that decided the outcome.
    pub request_id: Option<String>,
    /// The number of requests sent for the row's steps and rollbacks, with repeats but without lookups.
    pub attempts: u64,
    /// The values of the playbook's `results`, in its order. A missing value is written as a blank cell.
    pub results: Vec<(String, Value)>,
    /// The times of its first and its last fact; `None` if the journal has none of it.
    pub times: Option<(Time, Time)>,
}
