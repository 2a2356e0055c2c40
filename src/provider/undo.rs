//! How what an operation made is taken back: another operation of the provider, and its inputs.

use super::expression::Condition;
use super::lookup::{Written, written_fields};
use super::names::Names;
use crate::model::Map;

/// How what an operation made is taken back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The operation that takes it back, of the same provider, by its name there.
    pub operation: String,
    pub(crate) when: Option<Condition>,
    pub(crate) with: Vec<(String, Written)>,
}

impl Undo {
    /// The inputs of the call that takes back one with these inputs and outputs, as a step's `with` would give them.
    ///
    /// # Errors
    /// That such a call cannot be taken back, or that there is no value for a part of an input.
    pub fn inputs(&self, inputs: &Map, outputs: &Map) -> Result<Map, String> {
        let names = Names { inputs: Some(inputs), outputs: Some(outputs), ..Names::default() };
        if self.when.as_ref().is_some_and(|when| !when.holds(&names)) {
            return Err("no operation takes such a call back".to_owned());
        }
        written_fields(&self.with, &names)
    }
}
