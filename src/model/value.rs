//! The dynamic value: JSON with arbitrary-precision numbers and keys in their written order.

/// A JSON value. Numbers keep their digits (`1.50`, thirty digits) as written.
pub type Value = serde_json::Value;

/// A JSON object that keeps the order of its keys.
pub type Map = serde_json::Map<String, Value>;

/// Whether a value counts as true; null, `false`, 0, `""`, `[]` and `{}` do not.
#[must_use]
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A value as text: strings without quotes, null as nothing, the rest as JSON.
#[must_use]
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    }
}

/// The value under a dotted path such as `Response.Error.Code` or `FlowInfo.0.DeadLine`.
#[must_use]
pub fn value_at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |at, segment| match at {
        Value::Object(map) => map.get(segment),
        Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_count_as_true_or_false_as_the_language_says() {
        for no in [json!(null), json!(false), json!(0), json!(0.0), json!(""), json!([]), json!({})] {
            assert!(!is_truthy(&no), "{no}");
        }
        for yes in [json!(true), json!(1), json!("0"), json!([0]), json!({"a": null})] {
            assert!(is_truthy(&yes), "{yes}");
        }
    }

    #[test]
    fn paths_walk_objects_and_arrays() {
        let value = json!({"a": [{"b": 1}]});
        assert_eq!(value_at(&value, "a.0.b"), Some(&json!(1)));
        assert_eq!(value_at(&value, "a.1.b"), None);
        assert_eq!(value_at(&value, ""), Some(&value));
    }
}
