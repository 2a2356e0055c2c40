//! The exact requests of a row, before authentication; of what waits for an answer, the inputs.

use crate::journal::FrozenRow;
use crate::model::{MASK, Masks, Value, is_deferred};
use crate::plan::{BoundStep, CheckedCall, Plan};
use crate::provider::is_whole;

/// What a row would send.
#[derive(Debug, Clone)]
pub struct RowRequests {
    /// The row's number.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// Its calls in order.
    pub calls: Vec<CallShown>,
}

/// One call of a row.
#[derive(Debug, Clone)]
pub struct CallShown {
    /// The step's id.
    pub step: String,
    /// The operation.
    pub operation: String,
    /// The request, where it is known ahead.
    pub request: Option<RequestShown>,
    /// The inputs; what an answer brings says so.
    pub inputs: Value,
}

/// A request before authentication.
#[derive(Debug, Clone)]
pub struct RequestShown {
    /// `POST https://…`.
    pub line: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body: JSON where it is JSON.
    pub body: Value,
}

/// What one row would send.
pub(super) fn requests(plan: &Plan, row: &FrozenRow, calls: &[CheckedCall]) -> RowRequests {
    // What one call hides shows in no other either.
    let mut masks = plan.masks(Some(&row.cells));
    plan.mask_row(&row.cells, &mut masks);
    for call in calls {
        let Some(step) = plan.steps.get(call.step) else { continue };
        plan.mask_inputs(&step.call.operation, &call.inputs, &mut masks);
        plan.mask_converted(step, &step.call, &call.inputs, &mut masks);
    }
    let shown = calls.iter().filter_map(|call| Some(shown(plan, plan.steps.get(call.step)?, call, &masks)));
    RowRequests { number: row.number, key: plan.shown_key(&row.key).to_owned(), calls: shown.collect() }
}

fn shown(plan: &Plan, step: &BoundStep, call: &CheckedCall, masks: &Masks) -> CallShown {
    let operation = &step.call.operation;
    CallShown {
        step: step.id.clone(),
        operation: operation.full_name().to_owned(),
        request: if call.deferred { None } else { request(plan, step, call, masks) },
        inputs: masks.value(&without_marks(&Value::Object(call.inputs.clone()))),
    }
}

fn request(plan: &Plan, step: &BoundStep, call: &CheckedCall, masks: &Masks) -> Option<RequestShown> {
    let operation = &step.call.operation;
    let connection = plan.connections.get(step.call.connection)?;
    let prepared = operation.request(connection, &call.settings, &call.inputs).ok()?;
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref());
    // In the sandbox the address is nobody's: the vendor's own path says more.
    let whole = is_whole(&prepared.path_and_query);
    let base = base.filter(|_| !plan.environment.is_sandbox() && !whole).unwrap_or_default();
    // The same of inputs that are masked already: what of it is masked stands where it goes, however short it is.
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
    Some(RequestShown { line: format!("{} {base}{path}", prepared.method.as_str()), headers, body })
}

/// The mask as addresses may write it.
const ESCAPED_MASK: &str = "%2A%2A%2A";

/// A body as people may see it: JSON where it is JSON.
fn body(bytes: &[u8], masks: &Masks) -> Value {
    let text = String::from_utf8_lossy(bytes);
    match serde_json::from_str::<Value>(&text) {
        Ok(json) => masks.value(&json),
        Err(_) if text.is_empty() => Value::Null,
        Err(_) => Value::String(masks.text(&text).into_owned()),
    }
}

/// A value with whatever is masked in another one of the same shape.
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

/// The same of a path and its query, part by part.
fn path_masked_as(shown: String, hidden: &str) -> String {
    let parts = |text: &str| text.split_inclusive(['/', '?', '&', '=']).map(str::to_owned).collect::<Vec<_>>();
    let (own, other) = (parts(&shown), parts(hidden));
    if own.len() != other.len() {
        return shown;
    }
    own.into_iter().zip(other).map(|(own, other)| if other.contains(MASK) { other } else { own }).collect()
}

/// The marks of what an answer brings, in words.
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
