//! The schema of an operation's file.

use serde_json::json;

use super::answer::answer;
use super::declarations::{definitions, inputs, outputs};
use super::example::example;
use super::parts::{
    any_names, closed, condition, duration, expressions, file, flag, limits, method, needed_condition, needed_names,
    needed_text, or_null, quota, text, word, word_needed,
};
use crate::model::{Repeat, Value};
use crate::provider::words::OperationAuthWord;
use crate::provider::{DangerKind, Effect};

/// The schema of an operation's file.
pub(in crate::cli) fn operation() -> Value {
    let mut keys = what_it_is();
    keys.extend(what_it_sends());
    keys.extend(what_may_follow());
    let mut body = closed(keys, &["summary", "vendor_name", "effect", "path", "examples"]);
    body["allOf"] = json!([
        {
            "if": {"properties": {"effect": {"const": "read"}}},
            "then": {"properties": {"undo": {"type": "null", "description": "A read changes nothing, so nothing of it is undone"}}},
        },
        {
            "if": {"required": ["repeat"], "properties": {"repeat": looks_up()}},
            "then": {"required": ["lookup"], "properties": {"lookup": {"type": "object"}}},
        },
    ]);
    file("An operation of a provider of runsheet", body, definitions().into_iter().collect())
}

/// The schema of a `repeat` that asks for a lookup.
fn looks_up() -> Value {
    let rule = json!({"type": "object", "required": ["is"], "properties": {"is": {"const": "lookup"}}});
    json!({"anyOf": [{"const": "lookup"}, {"type": "array", "contains": rule}]})
}

fn what_it_is() -> Vec<(&'static str, Value)> {
    let mut read = answer();
    read["type"] = json!(["object", "null"]);
    read["description"] = json!("How its answers are read, where that is not the provider's way");
    vec![
        ("summary", needed_text("What it does, in a sentence")),
        ("vendor_name", needed_text("The vendor's own name for it, which `uses:` takes too")),
        ("description", text("What is to be known of it")),
        ("internal", flag("Whether it serves the provider itself, and no playbook")),
        ("open", flag("Whether a step may say how safe its repeat is")),
        ("effect", word_needed(&Effect::WORDS, "Whether it changes something")),
        ("inputs", inputs()),
        ("outputs", outputs()),
        ("answer", read),
        ("limits", limits("Its own, where they are not the provider's")),
        ("quota", quota()),
        ("natural_key", any_names("The inputs that together name what must not be made twice")),
        (
            "danger",
            json!({"type": ["array", "null"], "items": danger(), "description": "What of it is not taken back lightly"}),
        ),
        (
            "examples",
            json!({"type": "array", "items": example(), "minItems": 1, "description": "Inputs, the exact request that they make, and answers; each runs as a test"}),
        ),
    ]
}

fn what_it_sends() -> Vec<(&'static str, Value)> {
    let path = json!({"type": ["string", "number", "boolean", "null"], "description": "The path, with names that start with `inputs` or `settings`; null where no document names it"});
    vec![
        ("method", method()),
        ("path", path),
        ("query", expressions("Query of the call")),
        ("query_input", text("The input that holds a query as a map")),
        ("headers", expressions("Headers of the call")),
        ("headers_input", text("The input that holds headers as a map")),
        (
            "body",
            json!({"description": "The body: a map around `$inputs: all` or a list of inputs; null for none; by default all inputs as they are"}),
        ),
        ("method_input", text("The input that holds the method")),
        ("reads_when", condition("When a call only reads, although the operation may write")),
        ("auth", word(&OperationAuthWord::WORDS, "`none` for a call that is not authenticated")),
    ]
}

fn what_may_follow() -> Vec<(&'static str, Value)> {
    let safety = "What may follow an answer that never came";
    let rule =
        closed(vec![("when", condition("For which calls")), ("is", word_needed(&Repeat::WORDS, safety))], &["is"]);
    let repeat =
        json!({"anyOf": [word(&Repeat::WORDS, safety), {"type": "array", "items": rule}], "description": safety});
    let undo = or_null(closed(
        vec![
            ("operation", needed_text("The operation that takes it back")),
            ("when", condition("For which calls")),
            (
                "with",
                json!({"type": ["object", "null"], "description": "Its inputs; names start with `inputs` or `outputs`"}),
            ),
        ],
        &["operation"],
    ));
    vec![("repeat", repeat), ("lookup", lookup()), ("undo", undo)]
}

fn lookup() -> Value {
    let find = or_null(closed(
        vec![("in", needed_names("Where the lists stand")), ("where", expressions("What the one that is meant holds"))],
        &["in"],
    ));
    let batch = or_null(closed(
        vec![
            ("input", needed_text("The input that takes a list of ids")),
            ("max", json!({"type": "integer", "minimum": 1, "description": "How many ids one read takes"})),
            ("matches", needed_text("The field of an answer that holds the id")),
        ],
        &["input", "max", "matches"],
    ));
    let mut lookup = or_null(closed(
        vec![
            ("operation", needed_text("The read that tells")),
            ("when", condition("For which calls")),
            (
                "inputs",
                json!({"type": ["object", "null"], "description": "Its inputs; names start with `inputs` or `intent`"}),
            ),
            ("find", find),
            ("took_effect", needed_condition("What proves that it took effect")),
            ("did_not", condition("What proves that it did not")),
            ("outputs", expressions("The call's outputs, from the read's answer")),
            ("conclusive", flag("Whether a read that does not show the effect proves that there is none")),
            ("settle", duration("How long after the call the read can be trusted")),
            ("batch", batch),
        ],
        &["operation", "took_effect"],
    ));
    lookup["description"] = json!("How to find out whether a call took effect");
    lookup
}

fn danger() -> Value {
    closed(
        vec![
            ("kind", word_needed(&DangerKind::WORDS, "What it does")),
            ("when", condition("For which calls")),
            ("counts_as", text("The word that `budget` counts it under")),
            ("description", needed_text("In words")),
        ],
        &["kind", "description"],
    )
}
