//! Where the text of a template goes, which says what may stand in it.

use crate::model::Value;

/// Where what a template renders to is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Destination {
    /// Into a body, a condition, a result: anything may stand there.
    #[default]
    Anywhere,
    /// Into a path or a whole URL: each part between two braces is percent-encoded as one segment and is never blank.
    Url,
    /// Into a query, a header or an input that a path is made of: no part is blank. A template that is one expression may be
    /// null, and the parameter is left out, unless it reads an answer.
    Parameter,
}

impl Destination {
    /// Where a blank stands, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anywhere | Self::Url => "a path",
            Self::Parameter => "a path, a query or a header",
        }
    }
}

/// Whether a value is null or a text of nothing but white space.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a blank text stands in a value, at any depth.
pub(super) fn holds_blank_text(value: &Value) -> bool {
    match value {
        Value::String(_) => is_blank(value),
        Value::Array(items) => items.iter().any(holds_blank_text),
        Value::Object(map) => map.iter().any(|(key, value)| key.trim().is_empty() || holds_blank_text(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
