//! The schema of an operation's examples.

use serde_json::json;

use super::answer::dispositions;
use super::parts::{
    closed, keyed, limits, method, needed_text, or_null, text, texts_by_name, whole_number, word, word_needed,
};
use crate::model::Value;
use crate::provider::ConnectionScheme;

/// The schema of an example.
pub(super) fn example() -> Value {
    let request = closed(
        vec![
            ("method", method()),
            ("path", needed_text("The path with its query")),
            ("body", json!({"description": "The body"})),
            ("headers", texts_by_name("Headers that it must have")),
        ],
        &["path"],
    );
    let answer = closed(
        vec![
            ("status", whole_number("The HTTP status; 200 by default")),
            ("text", text("The body, as it is")),
            ("body", json!({"description": "The body, as JSON"})),
            ("is", word_needed(&dispositions(), "What it means")),
            ("code", text("The code that is read from it")),
            ("outputs", map("The outputs that are read from it")),
        ],
        &["is"],
    );
    let now = json!({"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", "description": "When it is called, RFC 3339"});
    closed(
        vec![
            ("name", needed_text("What it shows")),
            ("connection", connection()),
            ("now", now),
            ("with", map("The inputs")),
            ("request", request),
            (
                "answers",
                json!({"type": "array", "items": answer, "minItems": 1, "description": "Answers and what they mean"}),
            ),
        ],
        &["name", "request", "answers"],
    )
}

fn connection() -> Value {
    let operation = closed(
        vec![("path", text("Its path")), ("limits", limits("Its limits")), ("wire", map("Names on the wire"))],
        &[],
    );
    let mut connection = or_null(closed(
        vec![
            ("settings", map("Its settings")),
            ("defaults", map("What is laid under the inputs")),
            ("scheme", word(&ConnectionScheme::WORDS, "The scheme of `auth`")),
            ("base_url", text("Where calls go")),
            ("operations", keyed(operation)),
        ],
        &[],
    ));
    connection["description"] = json!("The connection that it goes over");
    connection
}

fn map(description: &str) -> Value {
    json!({"type": ["object", "null"], "description": description})
}
