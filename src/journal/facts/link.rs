//! Facts that link runs: a call imported from an earlier run, and a row that is continued in a later one.

use serde::{Deserialize, Serialize};

use super::call_ref::CallRef;
use crate::model::{Map, RowOutcome, RunId, StepOutcome, Time, Value};

/// A call that an earlier run made and that is not made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedCall {
    /// The call in this run; its element may have had another index in the earlier run.
    #[serde(flatten)]
    pub call: CallRef,
    /// The run that made it.
    #[serde(rename = "f")]
    pub from: RunId,
    /// When the earlier run first intended it.
    #[serde(rename = "d")]
    pub made_at: Time,
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: StepOutcome,
    /// The hash of its request; `None` for a read.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The element's identity.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The vendor's code, or runsheet's.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The message.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The declared outputs.
    #[serde(rename = "v", default, skip_serializing_if = "Map::is_empty")]
    pub outputs: Map,
    /// The whole answer.
    #[serde(rename = "b", default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

/// The later run in which a row is continued; no further fact of the row follows in this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinuedIn {
    /// The later run.
    #[serde(rename = "g")]
    pub to: RunId,
    /// The row's outcome when it was handed over.
    #[serde(rename = "o")]
    pub outcome: RowOutcome,
}
