//! An operation: one call of a vendor, as its file describes it.

use std::sync::Arc;

use super::answer::Answers;
use super::danger::Danger;
use super::descriptor::Provider;
use super::example::Example;
use super::expression::Condition;
use super::input::Input;
use super::lookup::Lookup;
use crate::model::{Limits, Method, Repeat};

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It only reads.
    Read,
    /// It may change something.
    Write,
}

/// One rule of `repeat`: the first whose condition holds decides.
#[derive(Debug, Clone)]
pub struct RepeatRule {
    /// The condition on the inputs; always, where absent.
    pub when: Option<Condition>,
    /// What may follow an answer that never came.
    pub repeat: Repeat,
}

/// The type of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// Text; a number becomes its digits.
    String,
    /// A whole number; text that spells one becomes it.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
    /// As it came.
    Any,
}

/// A value that an answer brings.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name in `steps.ID.outputs`.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its place in the body, dotted; `@status` is the HTTP status.
    pub path: String,
    /// Its type.
    pub kind: OutputKind,
    /// Whether a success without it is no answer that can be used.
    pub required: bool,
    /// Whether it is masked on screens and in logs.
    pub sensitive: bool,
}

/// One call of a vendor.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The vendor.
    pub provider: Arc<Provider>,
    /// Its name, without the provider's.
    pub name: String,
    /// The vendor's own name for it.
    pub vendor_name: String,
    /// What it does, in a line.
    pub summary: String,
    /// What else a person should know.
    pub description: Option<String>,
    /// Whether it serves only the provider itself (a token exchange) and is not for `uses:`.
    pub internal: bool,
    /// Whether it changes something; see [`Operation::effect_for`] where that depends on the inputs.
    pub effect: Effect,
    /// The HTTP method; see [`Operation::method_for`] where an input says it.
    pub method: Method,
    /// The path; none where no document names it.
    pub path: Option<String>,
    /// Its inputs, in the order in which they are sent.
    pub inputs: Vec<Input>,
    /// What its answer brings.
    pub outputs: Vec<Output>,
    /// What may follow an answer that never came: the first rule that applies, else [`Repeat::Never`].
    pub repeat: Vec<RepeatRule>,
    /// How to find out whether it took effect.
    pub lookup: Option<Lookup>,
    /// The inputs that together name what must not be made twice.
    pub natural_key: Vec<String>,
    /// What it does that cannot be taken back lightly.
    pub dangers: Vec<Danger>,
    /// Its limits, over the provider's.
    pub limits: Limits,
    /// How its answers are read, over the provider's.
    pub answers: Answers,
    /// Calls with their exact requests and answers; tests.
    pub examples: Vec<Example>,
}
