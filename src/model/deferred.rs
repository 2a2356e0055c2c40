//! The mark for a value that is known only after an earlier step. It stands in rendered inputs until then.

use super::value::{Map, Value};

/// The only key of the mark. Its control character keeps it apart from anything that a file can contain by accident.
const KEY: &str = "\u{1}deferred";

/// Makes the mark.
#[must_use]
pub fn deferred() -> Value {
    Value::Object(Map::from_iter([(KEY.to_owned(), Value::Null)]))
}

/// Whether the value is the mark.
#[must_use]
pub fn is_deferred(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.len() == 1 && map.contains_key(KEY))
}

/// Whether the mark is anywhere inside the value.
#[must_use]
pub fn contains_deferred(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(contains_deferred),
        Value::Object(map) => is_deferred(value) || map.values().any(contains_deferred),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_mark_itself_is_recognised() {
        for other in [json!(null), json!({}), json!({"deferred": null}), json!("deferred"), json!([deferred()])] {
            assert!(!is_deferred(&other), "{other}");
        }
        assert!(is_deferred(&deferred()));
    }

    #[test]
    fn the_mark_is_found_at_any_depth() {
        assert!(contains_deferred(&json!({"a": [1, {"b": deferred()}]})));
        assert!(!contains_deferred(&json!({"a": [1, {"b": null}]})));
    }
}
