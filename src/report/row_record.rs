//! One row as it stands at the end, ready to be written.

use bytes::Bytes;

use crate::model::{RowOutcome, Value};

/// One row's end: where it stood, what it was, how it went.
#[derive(Debug, Clone)]
pub struct RowRecord {
    /// The row's place in the input, from 0.
    pub position: u64,
    /// The row's number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// The row's own bytes, without its line end.
    pub raw: Bytes,
    /// How it ended.
    pub outcome: RowOutcome,
    /// The step that decided, where one did.
    pub step: Option<String>,
    /// The vendor's code or ours.
    pub code: Option<String>,
    /// The vendor's message or ours.
    pub message: Option<String>,
    /// The vendor's id of the request that decided.
    pub request_id: Option<String>,
    /// How many requests were sent for the row's steps and rollbacks, repeats included and lookups not.
    pub attempts: u64,
    /// The playbook's `results`, in their order; missing ones are left blank.
    pub results: Vec<(String, Value)>,
}
