//! The fact that a person settled a call in doubt.

use serde::{Deserialize, Serialize};

use super::call_ref::CallRef;
use crate::model::{Map, StepOutcome, Value};

/// A call in doubt that a person settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// The call.
    #[serde(flatten)]
    pub call: CallRef,
    /// [`StepOutcome::Succeeded`] if it took effect, [`StepOutcome::Failed`] if it did not.
    #[serde(rename = "o")]
    pub outcome: StepOutcome,
    /// The declared outputs that the person gave.
    #[serde(rename = "v", default, skip_serializing_if = "Map::is_empty")]
    pub outputs: Map,
    /// The whole answer, if a template uses it; null otherwise.
    #[serde(rename = "b", default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
    /// The reason, in the person's words.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The person.
    #[serde(rename = "p")]
    pub who: String,
}

impl Settled {
    /// The message that is shown for the call.
    #[must_use]
    pub fn message(&self) -> String {
        let what = if self.outcome == StepOutcome::Failed { "not done" } else { "done" };
        match &self.note {
            Some(note) => format!("settled as {what} by {}: {note}", self.who),
            None => format!("settled as {what} by {}", self.who),
        }
    }
}
