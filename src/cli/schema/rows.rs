//! The schema of `rows` and of variables.

use serde_json::json;

use super::parts::{closed, condition, count, flag, keyed, names, or_null, text, word};
use crate::model::{TextEncoding, Value};
use crate::playbook::{ColumnType, Delimiter, Orphans};

/// The schema of `rows`.
pub(super) fn rows() -> Value {
    let mut keys = form();
    keys.extend([
        ("outcomes", names("Which rows of another run: `succeeded`, `failed` and so on")),
        ("key", names("The columns that name a row: unique together; of several, those that are `optional` may be blank, but not all")),
        ("columns", keyed(column())),
        ("lists", keyed(list())),
    ]);
    or_null(closed(keys, &["key"]))
}

fn form() -> Vec<(&'static str, Value)> {
    let encoding = json!({
        "type": ["string", "null"],
        "description": "How the file is written; told from its bytes by default",
        "anyOf": [{"enum": TextEncoding::WORDS}, {"const": "auto"}, {}],
    });
    vec![
        ("from", text("The file, beside the playbook; `--rows` overrides it")),
        ("delimiter", word(&Delimiter::WORDS, "The delimiter between cells; detected in the header by default")),
        ("encoding", encoding),
        ("sheet", text("Which sheet of a workbook; the first by default")),
    ]
}

fn list() -> Value {
    let pair =
        closed(vec![("row", names("The row's columns")), ("list", names("The list's columns"))], &["row", "list"]);
    let mut keys = form();
    keys.extend([
        (
            "match",
            json!({"anyOf": [names("Columns of both files"), pair], "description": "What ties a list's rows to a row"}),
        ),
        ("min", count(0, "Fewest rows of the list that a row needs")),
        ("max", count(0, "Most rows of the list that a row may have")),
        ("orphans", word(&Orphans::WORDS, "What a row of the list is that matches no row")),
        ("columns", keyed(column())),
    ]);
    closed(keys, &["match"])
}

fn column() -> Value {
    let bound = |what: &str| text(what);
    let length = json!({
        "anyOf": [{"type": ["integer", "null"], "minimum": 0}, closed(vec![("min", count(0, "Fewest")), ("max", count(0, "Most"))], &[])],
        "description": "How many characters",
    });
    or_null(closed(
        vec![
            ("type", kind()),
            ("from", text("The head in the file, where it differs")),
            ("optional", flag("Whether a blank cell is null and left out")),
            ("sensitive", flag("Whether its cells are masked wherever people look")),
            ("description", text("For people")),
            (
                "format",
                text("How dates are written: `YYYY/M/D H:mm`; of texts, `cn_id` or `tw_id`: identity numbers, checked"),
            ),
            ("timezone", text("The zone of date-times without an offset: `Asia/Taipei`")),
            ("separator", text("What stands between the elements of a list")),
            ("pattern", text("A regular expression that every cell must match")),
            ("length", length),
            ("min", bound("The smallest value, or the fewest elements")),
            ("max", bound("The largest value, or the most elements")),
            ("one_of", json!({"type": ["array", "null"], "minItems": 1, "description": "The values allowed"})),
            ("default", json!({"not": {"type": "null"}, "description": "What a blank cell stands for"})),
        ],
        &[],
    ))
}

fn kind() -> Value {
    word(&ColumnType::WORDS, "How cells are read; text by default")
}

/// The schema of a variable: its default alone, or its declaration.
pub(super) fn variable() -> Value {
    let declared = closed(
        vec![
            ("type", kind()),
            ("default", json!({"description": "Its value where a run gives none"})),
            ("description", text("For people")),
            ("sensitive", flag("Whether it is masked wherever people look")),
        ],
        &[],
    );
    json!({"anyOf": [{"type": ["string", "number", "boolean", "array", "null"]}, declared]})
}

/// The schema of `expect`: one condition or several.
pub(super) fn expect() -> Value {
    let one = condition("What must hold afterwards");
    json!({"anyOf": [one, {"type": "array", "items": one}], "description": "What must hold afterwards"})
}
