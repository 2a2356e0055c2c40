//! The pieces that several schemas share: words, texts, durations, maps that take no unknown key.

use serde_json::json;

use crate::model::{Map, Method, Value};

/// The draft that editors and validators support.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Makes the schema of a file.
pub(super) fn file(title: &str, body: Value, definitions: Map) -> Value {
    let mut schema = json!({"$schema": DRAFT, "title": title});
    if let (Some(schema), Value::Object(body)) = (schema.as_object_mut(), body) {
        schema.extend(body);
        if !definitions.is_empty() {
            schema.insert("definitions".to_owned(), Value::Object(definitions));
        }
    }
    schema
}

/// A map of these keys and no other; null stands for an absent key.
pub(super) fn closed(keys: Vec<(&str, Value)>, required: &[&str]) -> Value {
    let properties: Map = keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// A map whose keys are the user's own.
pub(super) fn keyed(value: Value) -> Value {
    json!({"type": ["object", "null"], "additionalProperties": value})
}

/// A scalar, taken as the text that stands in the file.
pub(super) fn text(description: &str) -> Value {
    json!({"type": ["string", "number", "boolean", "null"], "description": description})
}

/// A text that holds a template and nothing else.
pub(super) fn condition(description: &str) -> Value {
    json!({"type": ["string", "null"], "pattern": r"^\{\{[\s\S]*\}\}$", "description": description})
}

/// One of several words.
pub(super) fn word(words: &[&str], description: &str) -> Value {
    let mut words: Vec<Value> = words.iter().map(|word| json!(word)).collect();
    words.push(Value::Null);
    json!({"enum": words, "description": description})
}

/// `true` or `false`.
pub(super) fn flag(description: &str) -> Value {
    json!({"type": ["boolean", "null"], "description": description})
}

/// A whole number from `least` on.
pub(super) fn count(least: u64, description: &str) -> Value {
    json!({"type": ["integer", "null"], "minimum": least, "description": description})
}

/// `30s`, `500ms`, `2m`.
pub(super) fn duration(description: &str) -> Value {
    json!({"type": ["string", "null"], "pattern": "^ *[0-9]", "description": format!("{description}, such as `30s`")})
}

/// One or several names.
pub(super) fn names(description: &str) -> Value {
    let name = json!({"type": ["string", "number", "boolean"]});
    json!({"anyOf": [name, {"type": "array", "items": name, "minItems": 1}], "description": description})
}

/// Limits: calls at once, and calls in a period.
pub(super) fn limits(description: &str) -> Value {
    let rate = json!({"type": ["string", "null"], "pattern": "/", "description": "Calls in a time: `10/s`, `100/20s`"});
    let mut schema = closed(vec![("in_flight", count(1, "Calls under way at once, at most")), ("rate", rate)], &[]);
    schema["type"] = json!(["object", "null"]);
    schema["description"] = json!(description);
    schema
}

/// The schema, with null allowed.
pub(super) fn or_null(mut schema: Value) -> Value {
    if let Some(kind) = schema.get_mut("type").filter(|kind| kind.is_string()) {
        *kind = json!([kind.clone(), "null"]);
    }
    schema
}

/// A text that must be there and not be blank.
pub(super) fn needed_text(description: &str) -> Value {
    described(json!({"type": ["string", "number", "boolean"], "pattern": r"\S"}), description)
}

/// One of several words, which must be there.
pub(super) fn word_needed(words: &[&str], description: &str) -> Value {
    json!({"enum": words, "description": description})
}

/// One or several names, or none.
pub(super) fn any_names(description: &str) -> Value {
    let name = json!({"type": ["string", "number", "boolean"]});
    let none_or_one = json!({"type": ["string", "number", "boolean", "null"]});
    json!({"anyOf": [none_or_one, {"type": "array", "items": name}], "description": description})
}

/// One or several names, which must be there.
pub(super) fn needed_names(description: &str) -> Value {
    let name = json!({"type": ["string", "number", "boolean"]});
    json!({"anyOf": [name, {"type": "array", "items": name}], "description": description})
}

/// A condition that must be there.
pub(super) fn needed_condition(description: &str) -> Value {
    let mut schema = condition(description);
    schema["type"] = json!("string");
    schema
}

/// Texts with names in them, by the user's own keys.
pub(super) fn expressions(description: &str) -> Value {
    described(keyed(json!({"type": ["string", "number", "boolean", "null"]})), description)
}

/// Texts by the user's own keys.
pub(super) fn texts_by_name(description: &str) -> Value {
    expressions(description)
}

/// A whole number from 0 on.
pub(super) fn whole_number(description: &str) -> Value {
    count(0, description)
}

/// An HTTP method.
pub(super) fn method() -> Value {
    let letters = |word: &str| word.chars().map(|c| format!("[{c}{}]", c.to_ascii_lowercase())).collect::<String>();
    let in_any_case = Method::WORDS.map(letters).join("|");
    let any_case = json!({"type": "string", "pattern": format!("^({in_any_case})$")});
    json!({"anyOf": [{"enum": Method::WORDS}, any_case, {"type": "null"}], "description": "The HTTP method; POST by default"})
}

/// `quota`: calls a day.
pub(super) fn quota() -> Value {
    let resets = json!({"type": "string", "pattern": r"\S", "description": "The zone at whose midnight they come back: `Asia/Shanghai`"});
    let mut quota =
        or_null(closed(vec![("calls", count(1, "How many calls a day has")), ("resets", resets)], &["resets"]));
    quota["description"] = json!("Calls a day");
    quota
}

fn described(mut schema: Value, description: &str) -> Value {
    if !description.is_empty() {
        schema["description"] = json!(description);
    }
    schema
}
