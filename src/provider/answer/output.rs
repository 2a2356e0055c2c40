//! Converts values to the types that outputs declare.

use crate::model::Value;
use crate::provider::descriptor::OutputKind;
use crate::provider::inputs::{to_boolean, to_integer, to_number, to_string};

impl OutputKind {
    /// Reads a text that a person gave as a value of this type.
    ///
    /// # Errors
    /// A message, if the text is not a value of this type.
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

    /// Converts a value from an answer to this type; `None` if it does not fit.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
