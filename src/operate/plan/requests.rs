//! The exact requests of a row, before authentication; of what waits for an answer, the inputs.

use crate::journal::FrozenRow;
use crate::model::{Masks, Value, is_deferred};
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
    for call in calls {
        let operation = plan.steps.get(call.step).map(|step| &step.call.operation);
        operation.into_iter().for_each(|operation| plan.mask_inputs(operation, &call.inputs, &mut masks));
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
    let text = String::from_utf8_lossy(&prepared.body);
    let body = match serde_json::from_str::<Value>(&text) {
        Ok(json) => masks.value(&json),
        Err(_) if text.is_empty() => Value::Null,
        Err(_) => Value::String(masks.text(&text).into_owned()),
    };
    Some(RequestShown {
        line: format!("{} {base}{}", prepared.method.as_str(), masks.text(&prepared.path_and_query)),
        headers: prepared.headers.iter().map(|(name, value)| (name.clone(), masks.text(value).into_owned())).collect(),
        body,
    })
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
