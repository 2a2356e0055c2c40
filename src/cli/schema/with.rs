//! The schema of `with`, from the inputs of an operation.

use serde_json::json;

use crate::model::{Map, Value, as_text};
use crate::provider::{Input, InputKind, Operation};

/// The key of a list element that is repeated for every element of another list.
const EACH: &str = "$each";

/// The schema of `with` for an operation. Nothing is required, because the defaults of a connection may give it.
pub(super) fn with(operation: &Operation) -> Value {
    let mut schema = object(&operation.inputs, false);
    schema["type"] = json!(["object", "null"]);
    schema["description"] = json!(operation.summary);
    schema
}

fn object(fields: &[Input], open: bool) -> Value {
    let mut properties = Map::new();
    for field in fields {
        properties.insert(field.name.clone(), input(field));
        for (spelling, advice) in &field.spellings {
            let mut old = input(field);
            old["deprecationMessage"] = json!(advice);
            properties.insert(spelling.clone(), old);
        }
    }
    json!({"type": "object", "properties": properties, "additionalProperties": open})
}

/// An input: its own values, a template, or null, which leaves it out.
fn input(input: &Input) -> Value {
    let mut schema = value(input);
    schema["description"] = json!(described(input));
    if let Some(advice) = &input.deprecated {
        schema["deprecationMessage"] = json!(advice);
    }
    schema
}

fn value(input: &Input) -> Value {
    let one_of = &input.bounds.one_of;
    match &input.kind {
        InputKind::Any => json!({}),
        InputKind::Object { fields, open } => json!({"anyOf": [object(fields, *open), template(), {"type": "null"}]}),
        InputKind::List(element) => {
            json!({"anyOf": [{"type": "array", "items": list_element(element)}, template(), {"type": "null"}]})
        }
        _ if !one_of.is_empty() => {
            let mut words: Vec<Value> = one_of.clone();
            // A text that spells a value is read as that value.
            words.extend(one_of.iter().filter(|value| !value.is_string()).map(|value| json!(as_text(value))));
            words.extend(
                one_of.iter().filter_map(|value| serde_json::from_str(value.as_str()?).ok()).filter(Value::is_number),
            );
            json!({"anyOf": [{"enum": words}, template(), {"type": "null"}]})
        }
        InputKind::Integer => json!({"type": ["integer", "string", "null"], "pattern": r"^-?[0-9]+$|\{\{"}),
        InputKind::Number => json!({"type": ["number", "string", "null"], "pattern": r"^[-+.0-9]|\{\{"}),
        InputKind::Boolean => json!({"type": ["boolean", "string", "number", "null"]}),
        InputKind::Time(_) => json!({"type": ["string", "number", "null"], "pattern": r"^\s*-?[0-9]|\{\{"}),
        InputKind::String => json!({"type": ["string", "number", "boolean", "null"]}),
    }
}

/// The schema of a list element, which may be repeated with `$each`.
fn list_element(element: &Input) -> Value {
    let own = input(element);
    let mut many = match &element.kind {
        InputKind::Object { fields, open } => object(fields, *open),
        InputKind::String
        | InputKind::Integer
        | InputKind::Number
        | InputKind::Boolean
        | InputKind::Time(_)
        | InputKind::List(_)
        | InputKind::Any => {
            json!({"type": "object"})
        }
    };
    many["properties"][EACH] =
        json!({"type": "string", "pattern": r"\{\{", "description": "The list, once per element as `item`"});
    many["required"] = json!([EACH]);
    json!({"anyOf": [own, many]})
}

/// The schema of a text that holds a template.
fn template() -> Value {
    json!({"type": "string", "pattern": r"\{\{"})
}

fn described(input: &Input) -> String {
    let needed = if input.required { "Required" } else { "Optional" };
    let mut parts = vec![needed.to_owned()];
    if !input.description.is_empty() {
        parts.push(input.description.clone());
    }
    if let Some(pattern) = &input.bounds.pattern {
        parts.push(pattern.meaning.clone().unwrap_or_else(|| format!("like `{}`", pattern.regex)));
    }
    if let Some(wider) = &input.widens_when_absent {
        parts.push(format!("without it: {wider}"));
    }
    parts.join("; ")
}
