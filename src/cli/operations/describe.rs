//! One operation as text and as JSON.

use serde_json::json;

use super::wording;
use crate::diagnostic::{padded, plural_of, widest};
use crate::model::{Map, Value};
use crate::provider::{Effect, Input, InputKind, Operation, Provider};
use crate::yaml::write_map;

/// An operation in full, as text.
pub(super) fn text(operation: &Operation) -> String {
    let mut text = format!("{}.{}\n", operation.provider.name, operation.name);
    text.push_str(&format!("{}\n", operation.summary));
    if let Some(description) = &operation.description {
        text.push_str(&format!("{}\n", description.trim_end()));
    }
    text.push('\n');
    let mut fact = |name: &str, value: String| text.push_str(&format!("{name:12}{value}\n"));
    fact("vendor name", format!("{}.{}", operation.provider.name, operation.vendor_name));
    fact("call", call(operation));
    fact("effect", effect(operation).to_owned());
    fact("repeat", wording::repeats(operation));
    if let Some(lookup) = &operation.lookup {
        let proof = if lookup.conclusive { "conclusive" } else { "not proof that it did not happen" };
        fact("lookup", format!("{}.{}, {proof}", operation.provider.name, lookup.operation));
    }
    if let Some(undo) = &operation.undo {
        fact("undo", format!("{}.{}", operation.provider.name, undo.operation));
    }
    let limits = [
        operation.limits.rate.or(operation.provider.limits.rate).map(|rate| rate.to_string()),
        operation.limits.in_flight.or(operation.provider.limits.in_flight).map(|count| format!("{count} at once")),
    ];
    let quota = operation.quota.as_ref().or(operation.provider.quota.as_ref());
    if let Some(calls) = quota.and_then(|quota| quota.calls) {
        fact("quota", format!("{} a day", plural_of(calls, "call")));
    }
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    if !limits.is_empty() {
        fact("limits", limits.join(", "));
    }
    for danger in &operation.dangers {
        let when = danger.when.as_ref().map(|when| format!(" (when {})", when.source())).unwrap_or_default();
        let counts = danger
            .counts_as
            .as_ref()
            .map(|word| format!("; an effect budget counts it as `{word}`"))
            .unwrap_or_default();
        fact("danger", format!("{}: {}{when}{counts}", danger.kind.as_str(), danger.description));
    }
    text.push_str("\ninputs\n");
    inputs(&operation.inputs, 1, &mut text);
    if !operation.outputs.is_empty() {
        text.push_str("\noutputs\n");
        let width = widest(operation.outputs.iter().map(|output| &output.name));
        for output in &operation.outputs {
            let kind = wording::output(output.kind);
            text.push_str(format!("  {}  {kind:8} {}", padded(&output.name, width), output.description).trim_end());
            text.push('\n');
        }
    }
    if let Some(example) = operation.examples.first() {
        text.push_str("\nexample step\n  - id: step\n");
        text.push_str(&format!("    uses: {}.{}\n    with:\n", operation.provider.name, operation.name));
        write_map(&pasted(operation, &example.inputs), 6, &mut text);
    }
    text
}

fn inputs(all: &[Input], depth: usize, text: &mut String) {
    let width = widest(all.iter().map(|input| &input.name));
    for input in all {
        let needed = if input.required { "required" } else { "optional" };
        let (ahead, name) = ("  ".repeat(depth), padded(&input.name, width));
        let mut line = format!("{ahead}{name}  {needed}  {}", wording::input(&input.kind));
        for word in wording::bounds(input) {
            line.push_str(&format!("; {word}"));
        }
        if !input.description.is_empty() {
            line.push_str(&format!(". {}", input.description));
        }
        if let Some(wider) = &input.widens_when_absent {
            line.push_str(&format!(" (without it: {wider})"));
        }
        if let Some(advice) = &input.deprecated {
            line.push_str(&format!(" (deprecated: {advice})"));
        }
        text.push_str(&line);
        text.push('\n');
        inputs(fields(&input.kind), depth + 1, text);
    }
}

fn fields(kind: &InputKind) -> &[Input] {
    match kind {
        InputKind::Object { fields, .. } => fields,
        InputKind::List(element) => fields(&element.kind),
        InputKind::String
        | InputKind::Integer
        | InputKind::Number
        | InputKind::Boolean
        | InputKind::Time(_)
        | InputKind::Any => &[],
    }
}

/// An operation as JSON.
pub(super) fn json(operation: &Operation) -> Value {
    let dangers: Vec<Value> = operation
        .dangers
        .iter()
        .map(|danger| {
            let when = danger.when.as_ref().map(|when| when.source());
            let (kind, counts_as) = (danger.kind.as_str(), &danger.counts_as);
            json!({"kind": kind, "when": when, "counts_as": counts_as, "description": danger.description})
        })
        .collect();
    let outputs: Vec<Value> = operation
        .outputs
        .iter()
        .map(|output| {
            json!({"name": output.name, "type": wording::output(output.kind), "description": output.description})
        })
        .collect();
    json!({
        "name": format!("{}.{}", operation.provider.name, operation.name),
        "vendor_name": operation.vendor_name,
        "summary": operation.summary,
        "effect": effect(operation),
        "method": operation.method.as_str(),
        "path": operation.path,
        "repeat": wording::repeats(operation),
        "lookup": operation.lookup.as_ref().map(|lookup| &lookup.operation),
        "undo": operation.undo.as_ref().map(|undo| &undo.operation),
        "dangers": dangers,
        "limits": operation.limits,
        "inputs": operation.inputs.iter().map(input_json).collect::<Vec<_>>(),
        "outputs": outputs,
        "example": operation.examples.first().map(|example| pasted(operation, &example.inputs)),
    })
}

fn input_json(input: &Input) -> Value {
    let inner: Vec<Value> = fields(&input.kind).iter().map(input_json).collect();
    let mut value = json!({
        "name": input.name,
        "type": wording::input(&input.kind),
        "required": input.required,
        "bounds": wording::bounds(input),
        "description": input.description,
        "sensitive": input.sensitive,
        "widens_when_absent": input.widens_when_absent,
        "deprecated": input.deprecated,
    });
    if let (false, Some(map)) = (inner.is_empty(), value.as_object_mut()) {
        map.insert("fields".to_owned(), Value::Array(inner));
    }
    value
}

/// The inputs of an example, so that they pass `check` today: a time that must lie ahead is relative to the start of the run.
fn pasted(operation: &Operation, inputs: &Map) -> Map {
    let input = |name: &String| operation.inputs.iter().find(|input| input.answers_to(name));
    inputs
        .iter()
        .map(|(name, value)| (name.clone(), input(name).map_or(value.clone(), |it| ahead(it, value))))
        .collect()
}

fn ahead(input: &Input, value: &Value) -> Value {
    match (&input.kind, value) {
        (InputKind::Object { fields, .. }, Value::Object(map)) => {
            let field = |name: &String| fields.iter().find(|field| field.answers_to(name));
            let moved = |(name, value): (&String, &Value)| {
                (name.clone(), field(name).map_or_else(|| value.clone(), |it| ahead(it, value)))
            };
            Value::Object(map.iter().map(moved).collect())
        }
        (InputKind::List(element), Value::Array(items)) => items.iter().map(|item| ahead(element, item)).collect(),
        (InputKind::Time(_), _) if input.bounds.ahead_of_now => Value::from("{{ add run.started_at \"30d\" }}"),
        _ => value.clone(),
    }
}

fn effect(operation: &Operation) -> &'static str {
    match operation.effect {
        Effect::Read => "read",
        Effect::Write => "write",
    }
}

fn call(operation: &Operation) -> String {
    match &operation.path {
        Some(path) => format!("{} {path}", operation.method.as_str()),
        None => format!(
            "{}, at a path that no document names: give it under `operations` of the connection",
            operation.method.as_str()
        ),
    }
}

/// The credentials and settings of a connection, as text.
pub(super) fn connection(provider: &Provider) -> String {
    let mut text = String::from("\nconnection\n");
    let base = provider.base_url.as_deref().unwrap_or("no default: give it in the settings");
    text.push_str(&format!("  base_url  {base}\n"));
    for set in &provider.credential_sets {
        text.push_str(&format!("  credentials  {}\n", set.credentials.join(" and ")));
    }
    for setting in &provider.settings {
        let needed = if setting.required { "required" } else { "optional" };
        text.push_str(&format!("  setting   {}  {needed}. {}\n", setting.name, setting.description));
    }
    text
}
