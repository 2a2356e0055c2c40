//! The schema of declared inputs and outputs: keys of JSON Schema, and a few of runsheet.

use serde_json::json;

use super::parts::{any_names, closed, condition, flag, keyed, needed_names, text, texts_by_name, whole_number, word};
use crate::model::{Map, Value};
use crate::provider::words::{FormatWord, TypeWord};
use crate::provider::{InputPlace, OutputKind};

/// The definitions `input` and `inside`: an input of an operation, and a value inside an input.
pub(super) fn definitions() -> [(String, Value); 2] {
    [("input".to_owned(), input(true)), ("inside".to_owned(), input(false))]
}

/// The schema of `inputs` of an operation.
pub(super) fn inputs() -> Value {
    let properties = keyed(json!({"$ref": "#/definitions/input"}));
    let mut inputs =
        closed(vec![("required", any_names("The inputs that must be given")), ("properties", properties)], &[]);
    inputs["type"] = json!(["object", "null"]);
    inputs["description"] = json!("What `with` takes");
    inputs
}

/// The schema of `outputs` of an operation.
pub(super) fn outputs() -> Value {
    let output = closed(
        vec![
            (
                "path",
                needed_names("Where it stands in the answer; the first that is there counts, and empty is all of it"),
            ),
            ("description", text("For people")),
            ("type", word(&OutputKind::WORDS, "What it is; anything by default")),
            ("required", flag("Whether an answer without it, or with a blank text for it, is no success")),
            ("sensitive", flag("Whether it is masked wherever people look")),
        ],
        &["path"],
    );
    let mut outputs = keyed(output);
    outputs["description"] = json!("What later steps may use, by name");
    outputs
}

/// The schema of an input; `own` for an input of the operation, not a value inside one.
fn input(own: bool) -> Value {
    let mut keys = everywhere();
    if own {
        keys.extend(of_an_operation());
    }
    keys.extend(by_type());
    let mut schema = closed(keys, &[]);
    let other: Vec<&str> = by_type().iter().map(|(key, _)| *key).chain(["type"]).collect();
    let is_reference = json!({"required": ["$ref"], "properties": {"$ref": {"not": {"type": "null"}}}});
    schema["if"] = is_reference;
    schema["then"] = json!({"properties": none_of(&other)});
    schema["else"] =
        json!({"required": ["type"], "properties": {"type": {"type": "string"}}, "allOf": rules_of_types()});
    schema
}

fn everywhere() -> Vec<(&'static str, Value)> {
    vec![
        ("$ref", text("A type of the provider's `types`")),
        ("type", word(&TypeWord::WORDS, "What it is")),
        ("description", text("For people")),
        ("default", json!({"description": "What is sent where nothing is given"})),
        ("sensitive", flag("Whether it is masked wherever people look")),
        ("deprecated", text("Why it should not be used, and what instead")),
        ("spellings", texts_by_name("Older names that are taken too, each with the advice")),
    ]
}

fn of_an_operation() -> Vec<(&'static str, Value)> {
    vec![
        (
            "in",
            word(&InputPlace::WORDS, "Where it goes; into the body by default, `named` where an expression places it"),
        ),
        ("wire_name", text("Its name on the wire, where that is another")),
        ("required_when", condition("When it must be given")),
        ("widens_when_absent", text("What the call does more where it is left out")),
    ]
}

/// The keys that only some types have.
fn by_type() -> Vec<(&'static str, Value)> {
    vec![
        ("enum", json!({"type": ["array", "null"], "description": "The values that it may have"})),
        ("format", word(&FormatWord::WORDS, "How a time is written")),
        ("ahead_of_now", flag("Whether the time must lie ahead of the moment of sending")),
        ("minLength", whole_number("The fewest characters")),
        ("maxLength", whole_number("The most characters")),
        ("pattern", text("A regular expression")),
        ("pattern_means", text("What the expression asks for, in words: `an e-mail address`")),
        ("minimum", bound("The smallest value")),
        ("maximum", bound("The largest value")),
        ("minItems", whole_number("The fewest elements")),
        ("maxItems", whole_number("The most elements")),
        (
            "items",
            json!({"anyOf": [{"$ref": "#/definitions/inside"}, {"type": "null"}], "description": "What an element is"}),
        ),
        ("properties", keyed(json!({"$ref": "#/definitions/inside"}))),
        ("required", any_names("The fields that must be given")),
        ("additionalProperties", flag("Whether it takes fields that are not named")),
    ]
}

fn bound(description: &str) -> Value {
    json!({"type": ["integer", "string", "null"], "pattern": "^[-+]?[0-9]+$", "description": description})
}

/// The formats of a time, by the types that can hold one.
const TEXT_TIMES: [&str; 3] = ["unix-seconds", "date-time", "date"];
const NUMBER_TIMES: [&str; 2] = ["unix-seconds", "unix-millis"];

/// For each type, the keys that it must not have and those that it needs.
fn rules_of_types() -> Vec<Value> {
    let all: Vec<&str> = by_type().iter().map(|(key, _)| *key).collect();
    let rule = |kind: &str, has: &[&str], formats: &[&str], needs: &[&str]| {
        let lacks: Vec<&str> =
            all.iter().filter(|key| !has.contains(key) && !["enum", "format"].contains(key)).copied().collect();
        let formats: Vec<Value> = formats.iter().map(|word| json!(word)).chain([Value::Null]).collect();
        let mut properties = none_of(&lacks);
        properties.insert("format".to_owned(), json!({"enum": formats}));
        for key in needs {
            properties.insert((*key).to_owned(), json!({"type": "object"}));
        }
        json!({
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": properties, "required": needs},
        })
    };
    let timed = json!({
        "if": {"required": ["format"], "properties": {"format": {"type": "string"}}},
        "then": {"properties": none_of(&["minLength", "maxLength", "pattern", "pattern_means", "minimum", "maximum"])},
        "else": {"properties": none_of(&["ahead_of_now"])},
    });
    vec![
        rule("string", &["minLength", "maxLength", "pattern", "pattern_means", "ahead_of_now"], &TEXT_TIMES, &[]),
        rule("integer", &["minimum", "maximum", "ahead_of_now"], &NUMBER_TIMES, &[]),
        rule("number", &["minimum", "maximum"], &[], &[]),
        rule("boolean", &[], &[], &[]),
        rule("any", &[], &[], &[]),
        rule("object", &["properties", "required", "additionalProperties"], &[], &[]),
        rule("array", &["items", "minItems", "maxItems"], &[], &["items"]),
        timed,
    ]
}

/// Forbids these keys.
fn none_of(keys: &[&str]) -> Map {
    keys.iter().map(|key| ((*key).to_owned(), json!(false))).collect()
}
