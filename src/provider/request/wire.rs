//! Names and types that the settings give to inputs, for an account whose edition of the API differs from the
//! documents.

use crate::language::documents;
use crate::language::settings::WIRE_TYPES;
use crate::model::{Map, Value, words};
use crate::provider::descriptor::OperationOverride;
use crate::provider::inputs::{to_boolean, to_integer, to_number, to_string};

words! {
    /// A type that the settings give to an input.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum WireType {
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
    }
}

documents!(WIRE_TYPES, WireType);

/// Another name or type of one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WireSpelling {
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<WireType>,
}

impl WireType {
    /// Converts a value to that type.
    pub(crate) fn convert(self, value: &Value) -> Result<Value, String> {
        match self {
            Self::String => to_string(value.clone()),
            Self::Integer => to_integer(value),
            Self::Number => to_number(value),
            Self::Boolean => to_boolean(value),
        }
    }
}

impl WireSpelling {
    /// Reads `task_remarks`, `string` or `{ name: task_remarks, type: string }`.
    ///
    /// # Errors
    /// A message that says what is accepted.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let wrong = || format!("write another name, a type (`{}`) or `{{ name, type }}`", WireType::WORDS.join("`, `"));
        match value {
            Value::String(word) if word.is_empty() => Err(wrong()),
            Value::String(word) => Ok(match WireType::named(word) {
                Some(kind) => Self { name: None, kind: Some(kind) },
                None => Self { name: Some(word.clone()), kind: None },
            }),
            Value::Object(map) if map.keys().all(|key| matches!(key.as_str(), "name" | "type")) => {
                let text = |key: &str| map.get(key).map(|value| value.as_str().ok_or_else(wrong)).transpose();
                let kind = text("type")?.map(|word| WireType::named(word).ok_or_else(wrong)).transpose()?;
                Ok(Self { name: text("name")?.map(str::to_owned), kind })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(wrong()),
        }
    }
}

/// The spellings of one operation on one connection.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WireSpellings<'a> {
    spellings: Option<&'a Map>,
}

impl<'a> WireSpellings<'a> {
    pub(crate) fn of(given: Option<&'a OperationOverride>) -> Self {
        Self { spellings: given.map(|given| &given.wire).filter(|wire| !wire.is_empty()) }
    }

    /// The spelling of an input; `None` if the settings give none.
    pub(crate) fn of_input(self, input: &str) -> Result<Option<WireSpelling>, String> {
        let Some(value) = self.spellings.and_then(|spellings| spellings.get(input)) else { return Ok(None) };
        WireSpelling::read(value)
            .map(Some)
            .map_err(|wrong| format!("The setting `wire.{input}` is not understood: {wrong}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_spelling_is_a_name_a_type_or_both() {
        for bad in [json!(""), json!(1), json!({"nmae": "x"}), json!({"type": "text"}), json!({"name": 1}), json!([])] {
            assert!(WireSpelling::read(&bad).is_err(), "{bad}");
        }
        let name = WireSpelling { name: Some("task_remarks".into()), kind: None };
        assert_eq!(WireSpelling::read(&json!("task_remarks")), Ok(name));
        let kind = WireSpelling { name: None, kind: Some(WireType::String) };
        assert_eq!(WireSpelling::read(&json!("string")), Ok(kind));
        let both = WireSpelling { name: Some("v".into()), kind: Some(WireType::Boolean) };
        assert_eq!(WireSpelling::read(&json!({"name": "v", "type": "boolean"})), Ok(both));
    }
}
