//! Outputs: the values that an answer contains, with their types.

use crate::language::documents;
use crate::language::operation::OUTPUT_TYPES;
use crate::model::{Value, words};

words! {
    /// The type of an output.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum OutputKind {
        /// Text; a number is converted to its digits.
        String = "string",
        /// A whole number; a text that spells one is converted.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// True or false.
        Boolean = "boolean",
        /// A list.
        List = "array",
        /// An object.
        Object = "object",
        /// Any value, unchanged.
        Any = "any",
    }
}

documents!(OUTPUT_TYPES, OutputKind);

/// A value that an answer contains.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name in `steps.ID.outputs`.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its path in the body, with dots; `@status` is the HTTP status, `@header.NAME` a header.
    pub path: String,
    /// Further paths, if the documents do not say how an answer is wrapped.
    pub other_paths: Vec<String>,
    /// Its type.
    pub kind: OutputKind,
    /// Whether a successful answer without it, or with a blank text for it, is read as `Unknown`.
    pub required: bool,
    /// Whether it is masked on screens and in logs.
    pub sensitive: bool,
}

impl Output {
    /// Whether a value counts as present: not null, and not a blank text for a required output. An empty list or
    /// object counts.
    #[must_use]
    pub(crate) fn is_answered_by(&self, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::String(text) => !self.required || !text.trim().is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_blank_text_is_no_answer_where_one_is_required() {
        let output = |required| Output {
            name: "id".into(),
            description: String::new(),
            path: "id".into(),
            other_paths: Vec::new(),
            kind: OutputKind::String,
            required,
            sensitive: false,
        };
        for (value, required, optional) in [
            (json!(null), false, false),
            (json!(""), false, true),
            (json!(" \t\n\u{3000}"), false, true),
            (json!("0"), true, true),
            (json!(0), true, true),
            (json!(false), true, true),
            (json!([]), true, true),
            (json!({}), true, true),
        ] {
            assert_eq!(output(true).is_answered_by(&value), required, "{value}");
            assert_eq!(output(false).is_answered_by(&value), optional, "{value}");
        }
    }
}
