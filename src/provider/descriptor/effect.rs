//! What a call changes: its effect, repetition, dangers, undo.

use crate::language::documents;
use crate::language::operation::{DANGER_KINDS, EFFECTS};
use crate::model::{Map, Repeat, words};
use crate::provider::expression::{Condition, Names, ValueTemplate, filled_fields};

words! {
    /// A kind of damage that a call can do.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum DangerKind {
        /// It costs money.
        Bills = "bills",
        /// It ends something that other people rely on.
        Cancels = "cancels",
        /// It sends messages to people.
        Notifies = "notifies",
        /// It signs or approves in a person's name.
        Signs = "signs",
        /// No operation undoes it.
        Irreversible = "irreversible",
    }
}

documents!(DANGER_KINDS, DangerKind);

/// One danger of an operation.
#[derive(Debug, Clone)]
pub struct Danger {
    /// The kind of damage.
    pub kind: DangerKind,
    /// The condition on the inputs under which it applies; `None` for always.
    pub when: Option<Condition>,
    /// What one call counts as in an effect budget: `contract`, `message`. `None` for the operation itself.
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

documents!(EFFECTS, Effect);

/// A rule of `repeat`. The first rule whose condition holds decides.
#[derive(Debug, Clone)]
pub struct RepeatRule {
    /// The condition on the inputs; `None` for always.
    pub when: Option<Condition>,
    /// What may follow a call without an answer.
    pub repeat: Repeat,
}

/// How the effect of an operation is undone.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The operation that undoes it, by its name within the same provider.
    pub operation: String,
    pub(crate) when: Option<Condition>,
    pub(crate) with: Vec<(String, ValueTemplate)>,
}

impl Undo {
    /// The inputs of the undoing call, as a step's `with` would give them. `inputs` and `outputs` are those of the
    /// call to undo.
    ///
    /// # Errors
    /// A message, if such a call cannot be undone, or a part of an input has no value.
    pub fn inputs(&self, inputs: &Map, outputs: &Map) -> Result<Map, String> {
        let names = Names { inputs: Some(inputs), outputs: Some(outputs), ..Names::default() };
        if self.when.as_ref().is_some_and(|when| !when.holds(&names)) {
            return Err("no operation takes such a call back".to_owned());
        }
        filled_fields(&self.with, &names)
    }
}
