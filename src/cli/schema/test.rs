//! The schema of test files.

use serde_json::json;

use super::parts::{closed, count, duration, file, flag, keyed, text, word};
use crate::model::{Disposition, Map, RowOutcome, Value};
use crate::provider::Registry;
use crate::report::RunOutcome;

/// The schema of test files for the known providers.
pub(in crate::cli) fn test(registry: &Registry) -> Value {
    let own = closed(test_keys(), &["name", "expect"]);
    let tests = json!({"type": "array", "items": own, "minItems": 1, "description": "The tests"});
    let body = closed(
        vec![
            ("version", json!({"enum": [1, null], "description": "The version of test files"})),
            ("playbook", text("The playbook, beside it; by default the one that is called as the test file is")),
            (
                "environment",
                text("The environment of the settings whose connections it takes; no credentials are read"),
            ),
            ("now", now()),
            ("vars", vars()),
            ("tests", tests),
        ],
        &["tests"],
    );
    let definitions = [("request", request(registry)), ("expected_row", expected_row())];
    file(
        "Tests of a playbook of runsheet",
        body,
        definitions.map(|(name, made)| (name.to_owned(), made)).into_iter().collect(),
    )
}

fn test_keys() -> Vec<(&'static str, Value)> {
    let faults =
        json!({"type": ["string", "null"], "description": "Trouble to make, such as `lose=10%,refuse=5%,seed=7`"});
    let sandbox = json!({
        "anyOf": [{"type": ["boolean", "null"]}, closed(vec![("faults", faults)], &[])],
        "description": "Whether the simulators answer what no answer is given to",
    });
    let answers =
        json!({"type": ["array", "null"], "items": answer(), "description": "What the vendors answer, in order"});
    vec![
        ("name", json!({"type": ["string", "number", "boolean"], "description": "What it shows; unique"})),
        ("now", now()),
        ("vars", vars()),
        ("rows", rows()),
        ("lists", keyed(json!({"anyOf": [inline(), {"type": "string"}]}))),
        ("answers", answers),
        ("sandbox", sandbox),
        ("expect", expect()),
    ]
}

fn now() -> Value {
    json!({"type": ["string", "null"], "pattern": "^[0-9]{4}-.*(Z|z|[-+][0-9:]+|\\])$", "description": "When the run begins: `2030-01-31T09:00:00+08:00`"})
}

fn vars() -> Value {
    keyed(json!({"description": "A variable of the playbook"}))
}

/// The schema of inline rows.
fn inline() -> Value {
    json!({"type": "array", "items": {"type": "object", "description": "A row: its cells by column"}})
}

fn rows() -> Value {
    let only = json!({"type": ["array", "null"], "items": {"type": ["string", "number", "boolean"]}, "description": "Only those with these keys"});
    let chosen = closed(vec![("from", text("A file, beside the test")), ("only", only)], &[]);
    json!({
        "anyOf": [inline(), {"type": ["string", "null"]}, chosen],
        "description": "The rows themselves, a file beside the test, or some of the playbook's own",
    })
}

fn answer() -> Value {
    let times = json!({"anyOf": [{"type": ["integer", "null"], "minimum": 1}, {"const": "any"}], "description": "For how many requests: 1 by default, or `any`"});
    let status = json!({"type": ["integer", "null"], "minimum": 100, "maximum": 599, "description": "The HTTP status; 200 by default"});
    closed(
        vec![
            (
                "to",
                json!({"anyOf": [{"$ref": "#/definitions/request"}, {"type": "null"}], "description": "Which requests it is for; any by default"}),
            ),
            ("status", status),
            ("headers", keyed(json!({"type": ["string", "number", "boolean"]}))),
            ("body", json!({"description": "The body, as JSON"})),
            ("text", text("The body, as text")),
            ("like", word(&Disposition::WORDS, "The first of the operation's own examples that comes to this")),
            ("lost", flag("The vendor gets the request, and its answer is lost")),
            ("unsent", flag("The vendor never gets the request")),
            ("takes", duration("How long it takes")),
            ("times", times),
        ],
        &[],
    )
}

/// The schema of a request: the id of a step, or a description.
fn request(registry: &Registry) -> Value {
    let operations: Vec<&str> = registry.operations().map(|operation| operation.full_name()).collect();
    let operation =
        json!({"anyOf": [{"enum": operations}, {"type": ["string", "null"]}], "description": "The operation"});
    let described = closed(
        vec![
            ("step", text("The step's id")),
            ("row", text("The row's key")),
            ("item", count(0, "The element of `for_each`, from 0")),
            ("operation", operation),
            ("kind", word(&["call", "lookup", "rollback", "any"], "What it is for; `call` by default")),
            ("method", word(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], "The HTTP method")),
            ("path", text("The path; with its query where one is written")),
            ("headers", keyed(json!({"type": ["string", "number", "boolean", "null"]}))),
            ("body", json!({"description": "The body: of maps the keys that are written; null where nothing stands"})),
            ("exact", flag("Whether the body has nothing else")),
        ],
        &[],
    );
    json!({"anyOf": [{"type": ["string", "number", "boolean"]}, described]})
}

fn expect() -> Value {
    let request = json!({"$ref": "#/definitions/request"});
    let requests = json!({
        "anyOf": [{"type": "array", "items": request}, {"const": "none"}],
        "description": "All requests, row by row in the order of the rows, or `none`",
    });
    let mut counts: Vec<&str> = RowOutcome::WORDS.to_vec();
    counts.push("total");
    let counts: Map =
        counts.into_iter().map(|word| (word.to_owned(), json!({"type": "integer", "minimum": 0}))).collect();
    let one = json!({"type": "string", "pattern": "^[a-z]+(-[a-z]+)+$"});
    let refusals = json!({"anyOf": [one, {"type": "array", "items": one}, {"type": "null"}], "description": "The codes of the errors that refuse the run before anything is sent"});
    let can_be = RunOutcome::ALL.into_iter().filter(|outcome| outcome.can_be_expected());
    let outcomes: Vec<&str> = can_be.map(RunOutcome::as_str).collect();
    let mut schema = closed(
        vec![
            ("requests", requests),
            ("rows", keyed(json!({"$ref": "#/definitions/expected_row"}))),
            (
                "counts",
                json!({"type": ["object", "null"], "properties": counts, "additionalProperties": false, "description": "How many rows end so"}),
            ),
            ("outcome", word(&outcomes, "How the run ends")),
            ("stopped", text("Words of why the run stops before its end")),
            ("diagnostics", refusals),
        ],
        &[],
    );
    schema["minProperties"] = json!(1);
    schema["description"] = json!("What must come of it; what is not written may be as it likes");
    schema
}

/// The schema of the end of a row: an outcome, or a description.
fn expected_row() -> Value {
    let described = closed(
        vec![
            ("outcome", word(&RowOutcome::WORDS, "How it ends")),
            ("step", text("The step that decided it")),
            ("code", text("The vendor's code, or ours")),
            ("message", text("Words of the message")),
            ("attempts", count(0, "How many requests were sent for its steps and rollbacks; lookups are not counted")),
            ("results", keyed(json!({"description": "A column of the playbook's `results`"}))),
        ],
        &[],
    );
    json!({"anyOf": [{"enum": RowOutcome::WORDS}, described]})
}
