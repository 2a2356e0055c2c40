//! A request as people may see it: before authentication, with sensitive values masked.

use crate::model::{MASK, Map, Masks, Method, Value};
use crate::plan::bound::Plan;
use crate::provider::{Operation, is_whole};

/// A request before authentication, with sensitive values masked.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRequest {
    /// The method.
    pub method: Method,
    /// The address; only the path for the sandbox, which has no address.
    pub address: String,
    /// The headers without credentials.
    pub headers: Vec<(String, String)>,
    /// The body: a JSON value, a text where it is not JSON, or null.
    pub body: Value,
}

impl Plan {
    /// The request of an operation on the connection with this index, as people may see it; `None` if it cannot be made.
    #[must_use]
    pub fn shown_request(
        &self,
        operation: &Operation,
        connection: usize,
        (settings, inputs): (&Map, &Map),
        masks: &Masks,
    ) -> Option<ShownRequest> {
        let connection = self.connections.get(connection)?;
        let prepared = operation.request(connection, settings, inputs).ok()?;
        let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref());
        // The sandbox has no address of its own, so only the path is shown.
        let whole = is_whole(&prepared.path_and_query);
        let base = base.filter(|_| !self.environment.is_sandbox() && !whole).unwrap_or_default();
        // The same request with masked inputs shows where masked values stand, even values too short to be found in the text.
        let hidden = match masks.value(&Value::Object(inputs.clone())) {
            Value::Object(hidden) if hidden != *inputs => operation.request(connection, settings, &hidden).ok(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                None
            }
        };
        let body = match (body(&prepared.body, masks), hidden.as_ref().map(|hidden| body(&hidden.body, masks))) {
            (shown, Some(hidden)) => masked_as(shown, &hidden),
            (shown, None) => shown,
        };
        let mut path = masks.text(&prepared.path_and_query).into_owned();
        let mut headers: Vec<(String, String)> =
            prepared.headers.iter().map(|(name, value)| (name.clone(), masks.text(value).into_owned())).collect();
        if let Some(hidden) = hidden {
            path = path_masked_as(path, &hidden.path_and_query.replace(ESCAPED_MASK, MASK));
            for (name, value) in &mut headers {
                let other = hidden.headers.iter().find(|(other, _)| other == name);
                if let Some((_, other)) = other.filter(|(_, other)| other.contains(MASK)) {
                    value.clone_from(other);
                }
            }
        }
        Some(ShownRequest { method: prepared.method, address: format!("{base}{path}"), headers, body })
    }
}

/// The mask as addresses may write it.
const ESCAPED_MASK: &str = "%2A%2A%2A";

/// A body with sensitive values masked: JSON where it is JSON.
fn body(bytes: &[u8], masks: &Masks) -> Value {
    let text = String::from_utf8_lossy(bytes);
    match serde_json::from_str::<Value>(&text) {
        Ok(json) => masks.value(&json),
        Err(_) if text.is_empty() => Value::Null,
        Err(_) => Value::String(masks.text(&text).into_owned()),
    }
}

/// Replaces the parts of a value that are masked in `hidden`, a value of the same structure.
fn masked_as(shown: Value, hidden: &Value) -> Value {
    match (shown, hidden) {
        (Value::Object(map), Value::Object(hidden)) => {
            let masked = |(name, value): (String, Value)| match hidden.get(&name) {
                Some(hidden) => (name, masked_as(value, hidden)),
                None => (name, value),
            };
            Value::Object(map.into_iter().map(masked).collect())
        }
        (Value::Array(items), Value::Array(hidden)) if items.len() == hidden.len() => {
            items.into_iter().zip(hidden).map(|(item, hidden)| masked_as(item, hidden)).collect()
        }
        (Value::String(_) | Value::Number(_), Value::String(hidden)) if hidden.contains(MASK) => hidden.clone().into(),
        (shown, _) => shown,
    }
}

/// Replaces the parts of a path and its query that are masked in `hidden`.
fn path_masked_as(shown: String, hidden: &str) -> String {
    let parts = |text: &str| text.split_inclusive(['/', '?', '&', '=']).map(str::to_owned).collect::<Vec<_>>();
    let (own, other) = (parts(&shown), parts(hidden));
    if own.len() != other.len() {
        return shown;
    }
    own.into_iter().zip(other).map(|(own, other)| if other.contains(MASK) { other } else { own }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_masked_value_is_masked_in_the_value_of_the_same_structure() {
        let shown = json!({"name": "Mei", "id": 7, "tags": ["a", "b"], "note": "x"});
        let hidden = json!({"name": "***", "id": "***", "tags": ["a", "***"], "note": "x"});
        assert_eq!(masked_as(shown, &hidden), json!({"name": "***", "id": "***", "tags": ["a", "***"], "note": "x"}));
    }

    #[test]
    fn lists_of_another_length_are_left_as_they_are() {
        assert_eq!(masked_as(json!(["a"]), &json!(["***", "b"])), json!(["a"]));
    }

    #[test]
    fn a_masked_part_of_a_path_or_query_is_masked_in_its_place() {
        let shown = "/tasks/7/close?owner=Mei&all=1".to_owned();
        assert_eq!(path_masked_as(shown, "/tasks/***/close?owner=***&all=1"), "/tasks/***/close?owner=***&all=1");
        let shown = "/tasks/7/close".to_owned();
        assert_eq!(path_masked_as(shown, "/tasks/***"), "/tasks/7/close", "another number of parts");
    }
}
