//! Facts that link runs: what one brings along from an earlier one, and that a row goes on in a later one.

use serde::{Deserialize, Serialize};

use super::call_ref::CallRef;
use crate::model::{Map, RowOutcome, RunId, StepOutcome, Time, Value};

/// A call that an earlier run made and that stays done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedCall {
    /// Which call it is here; the element's place may be another than it was.
    #[serde(flatten)]
    pub call: CallRef,
    /// The run that made it.
    #[serde(rename = "f")]
    pub from: RunId,
    /// When it was first intended there.
    #[serde(rename = "d")]
    pub made_at: Time,
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: StepOutcome,
    /// The hash of its request; none of a read.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The element's identity.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The vendor's code, or ours.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// In words.
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

/// A row that goes on in a later run; nothing more happens to it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinuedIn {
    /// The later run.
    #[serde(rename = "g")]
    pub to: RunId,
    /// How the row stood.
    #[serde(rename = "o")]
    pub outcome: RowOutcome,
}
