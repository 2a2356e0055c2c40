//! The exact requests of a row, before authentication. For a call that needs an earlier answer, only its inputs are known.

use crate::journal::FrozenRow;
use crate::model::{Map, Masks, Value, is_deferred};
use crate::plan::{BoundStep, CheckedCall, Plan, ShownRequest};

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
    /// The settings of the connection that the step overrides, such as who acts; null if it overrides none.
    pub settings: Value,
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
        settings: own_settings(step, call, masks),
        request: if call.deferred { None } else { request(plan, step, call, masks) },
        inputs: masks.value(&without_marks(&Value::Object(call.inputs.clone()))),
    }
}

/// The settings that the step overrides, masked; null if it overrides none.
fn own_settings(step: &BoundStep, call: &CheckedCall, masks: &Masks) -> Value {
    let names = step.call.settings.names();
    let own: Map = call.settings.iter().filter(|(name, _)| names.contains(&name.as_str())).map(cloned).collect();
    if own.is_empty() { Value::Null } else { masks.value(&without_marks(&Value::Object(own))) }
}

fn cloned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn request(plan: &Plan, step: &BoundStep, call: &CheckedCall, masks: &Masks) -> Option<PlannedRequest> {
    let operation = &step.call.operation;
    let shown = plan.shown_request(operation, step.call.connection, (&call.settings, &call.inputs), masks)?;
    let ShownRequest { method, address, headers, body } = shown;
    Some(PlannedRequest { line: format!("{} {address}", method.as_str()), headers, body })
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
