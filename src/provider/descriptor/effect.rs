//! What an operation does that cannot be taken back lightly.

use crate::model::{Map, Repeat, words};
use crate::provider::expression::{Condition, Names, ValueTemplate, filled_fields};

words! {
    /// A kind of damage.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum DangerKind {
        /// It costs money.
        Bills = "bills",
        /// It ends something that others count on.
        Cancels = "cancels",
        /// It sends messages to people.
        Notifies = "notifies",
        /// It signs or approves in somebody's name.
        Signs = "signs",
        /// No operation undoes it.
        Irreversible = "irreversible",
    }
}

/// One danger of an operation.
#[derive(Debug, Clone)]
pub struct Danger {
    /// What kind of damage.
    pub kind: DangerKind,
    /// The condition on the inputs under which it applies; always, where absent.
    pub when: Option<Condition>,
    /// What one call counts as, in a budget: `contract`, `message`.
    pub counts_as: Option<String>,
    /// What happens, for people.
    pub description: String,
}

words! {
    /// Whether a call changes something.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Effect {
        /// It only reads.
        Read = "read",
        /// It may change something.
        Write = "write",
    }
}

/// One rule of `repeat`: the first whose condition holds decides.
#[derive(Debug, Clone)]
pub struct RepeatRule {
    /// The condition on the inputs; always, where absent.
    pub when: Option<Condition>,
    /// What may follow an answer that never came.
    pub repeat: Repeat,
}

/// How what an operation made is taken back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The operation that takes it back, of the same provider, by its name there.
    pub operation: String,
    pub(crate) when: Option<Condition>,
    pub(crate) with: Vec<(String, ValueTemplate)>,
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
        filled_fields(&self.with, &names)
    }
}
