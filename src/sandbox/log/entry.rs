//! One line of the log: what was asked, what it came to, and what changed in the world.

use serde::{Deserialize, Serialize};

use crate::model::Value;
use crate::sandbox::world::{Put, Vendor};

/// One call, as it stands in `sandbox.jsonl`. Credentials are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The call's number, from 0.
    pub call: u64,
    /// When it came.
    pub time: jiff::Timestamp,
    /// Whose simulator it reached.
    pub vendor: Vendor,
    /// The vendor's own name of the operation.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL's path and query.
    pub path: String,
    /// The request's body, credentials masked; bodies over a bound only by size and hash.
    pub request: Value,
    /// The HTTP status of the answer; 0 where none was made.
    pub status: u16,
    /// The vendor's code for what it came to.
    pub code: String,
    /// Whether something changed that a caller wanted changed.
    pub effect: bool,
    /// What changed, so that the same change made twice has the same text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_id: Option<String>,
    /// The vendor's own id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The fault applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The limit's window that the call was counted in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<String>,
    /// What is otherwise in the world after the call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::sandbox) puts: Vec<Put>,
}
