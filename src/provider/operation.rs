//! An operation: one call of a vendor, as its file describes it.

use std::sync::Arc;

use super::answer::Answers;
use super::danger::Danger;
use super::descriptor::Provider;
use super::example::Example;
use super::expression::{Condition, Expression};
use super::input::Input;
use super::lookup::Lookup;
use super::output::Output;
use super::quota::Quota;
use super::shape::Shape;
use super::undo::Undo;
use crate::model::{Limits, Method, Repeat, words};

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

/// One call of a vendor.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The vendor.
    pub provider: Arc<Provider>,
    /// Its name, without the provider's.
    pub name: String,
    /// See [`Operation::full_name`].
    pub(super) full_name: String,
    /// The vendor's own name for it.
    pub vendor_name: String,
    /// What it does, in a line.
    pub summary: String,
    /// What else a person should know.
    pub description: Option<String>,
    /// Whether it serves only the provider itself (a token exchange) and is not for `uses:`.
    pub internal: bool,
    /// Whether `uses:` may say `repeat` itself: the one open operation.
    pub open: bool,
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
    /// How what it made is taken back.
    pub undo: Option<Undo>,
    /// The inputs that together name what must not be made twice.
    pub natural_key: Vec<String>,
    /// What it does that cannot be taken back lightly.
    pub dangers: Vec<Danger>,
    /// Its limits, over the provider's.
    pub limits: Limits,
    /// How many calls of it a day the vendor takes.
    pub quota: Option<Quota>,
    /// How its answers are read: its own rules over its provider's.
    pub answers: Answers,
    /// Calls with their exact requests and answers; tests.
    pub examples: Vec<Example>,
    pub(crate) wiring: Wiring,
}

/// How inputs become a request.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    /// The path, compiled.
    pub(crate) path: Option<Expression>,
    /// The input that says the method.
    pub(crate) method_input: Option<String>,
    /// The condition under which a call only reads.
    pub(crate) reads_when: Option<Condition>,
    /// Query parameters; a null one is left out.
    pub(crate) query: Vec<(String, Expression)>,
    /// The input whose fields are further query parameters.
    pub(crate) query_input: Option<String>,
    /// Headers that don't authenticate; a null one is left out.
    pub(crate) headers: Vec<(String, Expression)>,
    /// The input whose fields are further headers.
    pub(crate) headers_input: Option<String>,
    /// The body; none for a call without one.
    pub(crate) body: Option<Shape>,
    /// Whether it goes out without authentication.
    pub(crate) anonymous: bool,
}
