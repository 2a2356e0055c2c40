//! What an answer brings: declared outputs and their types.

use super::scalar::{to_boolean, to_integer, to_number, to_string};
use crate::model::{Value, words};

words! {
    /// The type of an output.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum OutputKind {
        /// Text; a number becomes its digits.
        String = "string",
        /// A whole number; text that spells one becomes it.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// True or false.
        Boolean = "boolean",
        /// A list.
        List = "array",
        /// An object.
        Object = "object",
        /// As it came.
        Any = "any",
    }
}

impl OutputKind {
    /// A text that a person gives as this type.
    ///
    /// # Errors
    /// Why the text is none of this type.
    pub fn read(self, text: &str) -> Result<Value, String> {
        let value = match self {
            Self::List | Self::Object => serde_json::from_str(text).map_err(|_| "it must be JSON".to_owned())?,
            Self::Any => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
            Self::String | Self::Integer | Self::Number | Self::Boolean => Value::String(text.to_owned()),
        };
        self.convert(value).ok_or_else(|| format!("it must be {}", self.with_article()))
    }

    fn with_article(self) -> String {
        let article = if matches!(self, Self::Integer | Self::List | Self::Object) { "an" } else { "a" };
        format!("{article} {}", self.as_str())
    }

    /// A found value as this type; none where it is of another.
    pub(crate) fn convert(self, value: Value) -> Option<Value> {
        match self {
            Self::String => to_string(value).ok(),
            Self::Integer => to_integer(&value).ok(),
            Self::Number => to_number(&value).ok(),
            Self::Boolean => to_boolean(&value).ok(),
            Self::List => Some(value).filter(Value::is_array),
            Self::Object => Some(value).filter(Value::is_object),
            Self::Any => Some(value),
        }
    }
}

/// A value that an answer brings.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name in `steps.ID.outputs`.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its place in the body, dotted; `@status` is the HTTP status, `@header.NAME` a header.
    pub path: String,
    /// Further places, where documents leave open how an answer is wrapped.
    pub other_paths: Vec<String>,
    /// Its type.
    pub kind: OutputKind,
    /// Whether a success without it, or with a blank text for it, is no answer that can be used.
    pub required: bool,
    /// Whether it is masked on screens and in logs.
    pub sensitive: bool,
}

impl Output {
    /// Whether a found value is an answer at all: null is none, and no blank text is one that is required. An empty list
    /// or object says that there is nothing, which is an answer.
    #[must_use]
    pub(crate) fn is_told_by(&self, value: &Value) -> bool {
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
            assert_eq!(output(true).is_told_by(&value), required, "{value}");
            assert_eq!(output(false).is_told_by(&value), optional, "{value}");
        }
    }

    #[test]
    fn ids_come_as_text_or_numbers_and_nothing_else() {
        assert_eq!(OutputKind::String.convert(json!(12)), Some(json!("12")));
        assert_eq!(OutputKind::Integer.convert(json!("12")), Some(json!(12)));
        assert_eq!(OutputKind::Integer.convert(json!("1a")), None);
        assert_eq!(OutputKind::String.convert(json!({"id": 1})), None);
        assert_eq!(OutputKind::List.convert(json!({})), None);
        assert_eq!(OutputKind::Any.convert(json!([1])), Some(json!([1])));
    }
}
