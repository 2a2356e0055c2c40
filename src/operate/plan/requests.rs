//! The exact requests of a row, before authentication. For a call that needs an earlier answer, only its inputs are known.

use crate::journal::FrozenRow;
use crate::model::{MASK, Masks, Value, is_deferred};
use crate::plan::{BoundStep, CheckedCall, Plan};
use crate::provider::is_whole;

/// What a row would send.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// The row's number.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// Its calls in order.
    pub calls: Vec<PlannedCall>,
}

/// One call of a row.
#[derive(Debug, Clone)]
pub struct PlannedCall {
    /// The step's id.
    pub step: String,
    /// The operation.
    pub operation: String,
    /// The request; `None` where it needs the answer of an earlier step.
    pub request: Option<PlannedRequest>,
    /// The inputs; a value that an earlier answer gives is replaced by a text that says so.
    pub inputs: Value,
}

/// A request before authentication.
#[derive(Debug, Clone)]
pub struct PlannedRequest {
    /// `POST https://…`.
    pub line: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body: a JSON value, or a text where it is not JSON.
    pub body: Value,
}

/// Lists what one row would send.
pub(super) fn requests(plan: &Plan, row: &FrozenRow, calls: &[CheckedCall]) -> PlannedRow {
    // A value that one call masks is masked in every other call.
    let mut masks = plan.masks(Some(&row.cells));
    plan.mask_row(&row.cells, &mut masks);
    for call in calls {
        let Some(step) = plan.steps.get(call.step) else { continue };
        plan.mask_inputs(&step.call.operation, &call.inputs, &mut masks);
        plan.mask_converted(step, &step.call, &call.inputs, &mut masks);
    }
    let shown = calls.iter().filter_map(|call| Some(shown(plan, plan.steps.get(call.step)?, call, &masks)));
    PlannedRow { number: row.number, key: plan.shown_key(&row.key).to_owned(), calls: shown.collect() }
}

fn shown(plan: &Plan, step: &BoundStep, call: &CheckedCall, masks: &Masks) -> PlannedCall {
    let operation = &step.call.operation;
    PlannedCall {
        step: step.id.clone(),
        operation: operation.full_name().to_owned(),
        request: if call.deferred { None } else { request(plan, step, call, masks) },
        inputs: masks.value(&without_marks(&Value::Object(call.inputs.clone()))),
    }
}

fn request(plan: &Plan, step: &BoundStep, call: &CheckedCall, masks: &Masks) -> Option<PlannedRequest> {
    let operation = &step.call.operation;
    let connection = plan.connections.get(step.call.connection)?;
    let prepared = operation.request(connection, &call.settings, &call.inputs).ok()?;
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref());
    // The sandbox has no address of its own, so only the path is shown.
    let whole = is_whole(&prepared.path_and_query);
    let base = base.filter(|_| !plan.environment.is_sandbox() && !whole).unwrap_or_default();
    // The same request with masked inputs shows where masked values stand, even values too short to be found in the text.
    let hidden = match masks.value(&Value::Object(call.inputs.clone())) {
        Value::Object(inputs) if inputs != call.inputs => operation.request(connection, &call.settings, &inputs).ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
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
    Some(PlannedRequest { line: format!("{} {base}{path}", prepared.method.as_str()), headers, body })
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

/// Replaces the marks of values that an earlier answer gives by a text.
fn without_marks(value: &Value) -> Value {
    if is_deferred(value) {
        return Value::from("(from an earlier step's answer)");
    }
    match value {
        Value::Array(items) => items.iter().map(without_marks).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), without_marks(value))).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other.clone(),
    }
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
