//! Texts of provider files with names in them: `Bearer {{ token.access_token }}`.

use crate::model::{Map, Value};

/// A text of a provider file, compiled.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
}

/// An [`Expression`] that is asked only whether it holds.
#[derive(Debug, Clone)]
pub struct Condition(Expression);

impl Expression {
    /// The text as the file spells it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl Condition {
    /// The text as the file spells it.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.source()
    }
}

/// The names that an expression may use, borrowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// The call's inputs.
    pub inputs: Option<&'a Map>,
    /// The connection's and the step's settings.
    pub settings: Option<&'a Map>,
    /// An answer.
    pub answer: Option<&'a Value>,
}
