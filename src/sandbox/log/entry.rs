//! One line of the log: the request, its result, and the changes of the state.

use serde::{Deserialize, Serialize};

use crate::model::Value;
use crate::sandbox::world::{Put, Vendor};

/// One call, as a line of `sandbox.jsonl`. It contains no credentials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The call's number, from 0.
    pub call: u64,
    /// The time of the call.
    pub time: jiff::Timestamp,
    /// The vendor.
    pub vendor: Vendor,
    /// The vendor's own name of the operation.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL's path and query.
    pub path: String,
    /// The request's body with credentials masked; a large one is only its size and hash.
    pub request: Value,
    /// The HTTP status of the answer; 0 if there was none.
    pub status: u16,
    /// The vendor's code in the answer.
    pub code: String,
    /// Whether the call had the effect that the caller asked for.
    pub effect: bool,
    /// The effect as text. Making the same change again gives the same text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_id: Option<String>,
    /// The vendor's own id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The fault applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The rate window that counted the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<String>,
    /// The objects of the state that the call changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::sandbox) puts: Vec<Put>,
}
