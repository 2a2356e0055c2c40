//! How answers are read: where success stands, and the table from codes to dispositions.

use std::time::Duration;

use crate::model::{Disposition, Map, Value};

/// How an operation's answers are read, over its provider's.
#[derive(Debug, Clone, Default)]
pub struct Answers {}

/// What one answer came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it means for the attempt.
    pub disposition: Disposition,
    /// The vendor's code, or `http 503` where the body tells none.
    pub code: Option<String>,
    /// The vendor's message; never used to decide.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The declared outputs, null where absent; empty unless done.
    pub outputs: Map,
    /// The whole body; null where it is not JSON.
    pub body: Value,
    /// How long the vendor asks to wait.
    pub retry_after: Option<Duration>,
}
