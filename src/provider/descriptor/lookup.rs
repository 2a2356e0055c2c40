//! How to look up whether a call without an answer took effect.

use std::time::Duration;

use super::answer_rules::RulePlace;
use crate::model::{Map, Time, Value};
use crate::provider::expression::{Condition, Expression, Names, ValueTemplate, filled_fields};

/// Several lookups in one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupBatch {
    /// The read's input that takes a list of ids.
    pub input: String,
    /// The most ids of one call.
    pub max: usize,
    /// Where an element of the answer's list holds its id.
    pub matches: String,
}

/// How to find the element of an answer's list that belongs to the call.
#[derive(Debug, Clone)]
pub(crate) struct ElementSearch {
    /// Possible places of the list in the body; the first that holds one is used.
    pub(crate) lists: Vec<String>,
    /// Fields of an element with the values that they must have.
    pub(crate) fields: Vec<(String, Expression)>,
}

/// How an operation's effect is looked up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The read to call, by its name within the same provider.
    pub operation: String,
    /// Whether [`LookupResult::DidNot`] is enough proof to send again.
    pub conclusive: bool,
    /// How long after the lost call the read may still not show its effect.
    pub delay: Duration,
    /// How to look up several calls at once; `None` if the read takes one.
    pub batch: Option<LookupBatch>,
    /// Where it stands.
    pub at: Option<RulePlace>,
    pub(crate) when: Option<Condition>,
    pub(crate) inputs: Vec<(String, ValueTemplate)>,
    pub(crate) find: Option<ElementSearch>,
    pub(crate) took_effect: Condition,
    pub(crate) did_not: Option<Condition>,
    pub(crate) outputs: Vec<(String, Expression)>,
}

impl Lookup {
    /// Whether the read can show the effect of a call with these inputs.
    #[must_use]
    pub fn applies(&self, inputs: &Map) -> bool {
        let names = Names { inputs: Some(inputs), ..Names::default() };
        self.when.as_ref().is_none_or(|when| when.holds(&names))
    }

    /// The inputs of the read, as a step's `with` would give them.
    ///
    /// # Errors
    /// A message, if no read shows the effect of such a call, or a part of an input has no value.
    pub fn inputs(&self, inputs: &Map, intent_at: Time) -> Result<Map, String> {
        if !self.applies(inputs) {
            return Err("no read of this provider shows whether such a call took effect".to_owned());
        }
        let intent = intent(intent_at);
        let names = Names { inputs: Some(inputs), intent: Some(&intent), ..Names::default() };
        filled_fields(&self.inputs, &names)
    }
}

/// The names under `intent`.
pub(in crate::provider) fn intent(at: Time) -> Map {
    Map::from_iter([("unix".to_owned(), Value::from(at.as_secs()))])
}
