//! A value of bounded size: whole where it is small, else its beginning as text with a mark.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Value;

/// The most bytes of a value that are shown, as JSON.
const MOST_BYTES: usize = 16_384;

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ShownValue {
    /// The value; the beginning of its text if it is cut
    pub value: Value,
    /// Its size in bytes if it is cut; absent if it is whole
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_from: Option<u64>,
}

impl ShownValue {
    /// Cuts a value that is too large to be shown. What must be masked in it is masked before.
    #[must_use]
    pub fn of(value: Value) -> Self {
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        if text.len() <= MOST_BYTES {
            return Self { value, cut_from: None };
        }
        let end = (0..=MOST_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        Self { value: Value::from(format!("{}…", &text[..end])), cut_from: Some(text.len() as u64) }
    }

    /// The value as text for a terminal, with a mark if it is cut.
    #[must_use]
    pub fn text(&self) -> String {
        let text = match &self.value {
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.value.to_string()
            }
        };
        match self.cut_from {
            None => text,
            Some(size) => format!("{text} [cut: {size} bytes in all]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_at_the_bound_is_whole_and_one_byte_more_is_cut() {
        let whole = ShownValue::of(json!("x".repeat(MOST_BYTES)));
        assert_eq!((whole.cut_from, whole.text().len()), (None, MOST_BYTES));
        let cut = ShownValue::of(json!("x".repeat(MOST_BYTES + 1)));
        assert_eq!(cut.cut_from, Some(MOST_BYTES as u64 + 1));
        assert!(cut.text().ends_with("x… [cut: 16385 bytes in all]"));
    }

    #[test]
    fn a_large_object_becomes_the_beginning_of_its_text() {
        let cut = ShownValue::of(json!({"list": vec!["é"; 9_000]}));
        let Value::String(text) = &cut.value else { panic!("{cut:?}") };
        assert!(text.starts_with(r#"{"list":["é","é""#) && text.len() <= MOST_BYTES + 4, "{}", text.len());
        assert_eq!(serde_json::to_value(ShownValue::of(json!(1))).unwrap(), json!({"value": 1}));
    }
}
