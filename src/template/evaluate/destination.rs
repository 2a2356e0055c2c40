//! Where a rendered value is put. This decides about encoding and blanks.

use crate::model::Value;

/// Where a rendered value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Destination {
    /// A body, a condition or a result: any value is allowed.
    #[default]
    Anywhere,
    /// A path or a whole URL: each `{{ … }}` is percent-encoded as one segment, unless it is raw, and must not be
    /// blank.
    Url,
    /// A query, a header or an input that is part of a path: no `{{ … }}` may be blank. A template that is one
    /// expression may be null, and the parameter is then left out; null from an earlier answer is an error.
    Parameter,
}

impl Destination {
    /// The words for messages about a blank.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anywhere | Self::Url => "a path",
            Self::Parameter => "a path, a query or a header",
        }
    }
}

/// Whether a value is null, or a text of white space only.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a value contains a blank text at any depth; a null inside does not count.
pub(super) fn holds_blank_text(value: &Value) -> bool {
    match value {
        Value::String(_) => is_blank(value),
        Value::Array(items) => items.iter().any(holds_blank_text),
        Value::Object(map) => map.iter().any(|(key, value)| key.trim().is_empty() || holds_blank_text(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
