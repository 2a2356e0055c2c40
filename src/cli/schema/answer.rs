//! The schema of `answer`: how a vendor's answers are read, in a provider's file and in an operation's.

use serde_json::json;

use super::parts::{any_names, closed, flag, needed_names, needed_text, or_null, text, word, word_needed};
use crate::model::{Disposition, Value};

/// Dispositions after which a call is sent again, so the vendor must have refused it before it acted.
const SENT_AGAIN: [&str; 3] = ["throttled", "unavailable", "expired_token"];

/// The names of the dispositions.
pub(super) fn dispositions() -> Vec<&'static str> {
    Disposition::WORDS.to_vec()
}

/// The schema of `answer`.
pub(super) fn answer() -> Value {
    let rules = json!({"type": "array", "items": success("A rule")});
    let keys = vec![
        (
            "success",
            json!({"anyOf": [success("When a call succeeded"), rules, {"type": "null"}], "description": "When a call succeeded; of several rules, all must hold"}),
        ),
        ("success_input", text("The input of a call that says what succeeded means")),
        ("code", any_names("Where the vendor's code stands")),
        ("message", any_names("Where the vendor's words stand")),
        ("request_id", any_names("Where the vendor's id of the request stands")),
        ("any_body", flag("Whether a body that is no JSON is an answer, too")),
        ("otherwise", word(&dispositions(), "What an answer means that no rule and no table knows")),
        ("items", items()),
        (
            "codes",
            json!({"type": ["array", "null"], "items": meaning(), "description": "What codes mean, `http 429` and `http 5*` among them"}),
        ),
    ];
    closed(keys, &[])
}

/// A rule of success: a path with its values, a path that must be present, or one that must be absent.
fn success(description: &str) -> Value {
    let mut rule = closed(
        vec![
            ("path", text("Where the code stands")),
            ("is", json!({"type": ["array", "null"], "description": "What it must be; 1 and \"1\" are the same"})),
            ("absent", text("What must not be there")),
            ("present", text("What must be there")),
        ],
        &[],
    );
    rule["description"] = json!(description);
    rule["if"] = json!({"required": ["path"], "properties": {"path": {"not": {"type": "null"}}}});
    rule["then"] = json!({"required": ["is"], "properties": {"is": {"type": "array", "minItems": 1}}});
    rule["else"] = json!({"properties": {"is": {"maxItems": 0}}});
    rule
}

fn items() -> Value {
    let ok = json!({"anyOf": [success("When an item succeeded"), {"type": "null"}]});
    let mut items = or_null(closed(
        vec![
            ("list", needed_text("Where the list of items stands")),
            ("ok", ok),
            ("message", text("Where an item's words stand")),
            ("all_failed", word(&dispositions(), "What it means that none succeeded; rejected by default")),
            ("some_failed", word(&dispositions(), "What it means that only some did; unknown by default")),
        ],
        &["list"],
    ));
    items["description"] = json!("Answers that tell of several things one by one");
    items
}

/// An entry of `codes`.
fn meaning() -> Value {
    let mut entry = closed(
        vec![
            ("code", needed_names("The code, or several")),
            ("is", word_needed(&dispositions(), "What it means")),
            ("for_reads", word(&dispositions(), "What it means for a read, where that is something else")),
            ("gate", flag("Whether the vendor refuses so before it acts, so that nothing took effect")),
            (
                "clock",
                flag("Whether the vendor says by it that this machine's clock is wrong, so that the run says how far"),
            ),
            ("message", text("A regular expression that the vendor's words must match")),
            ("means", text("In words")),
            ("advice", text("What to do about it")),
        ],
        &["code", "is"],
    );
    entry["if"] = json!({"required": ["is"], "properties": {"is": {"enum": SENT_AGAIN}}});
    entry["then"] = json!({"required": ["gate"], "properties": {"gate": {"const": true}}});
    let of_clock = json!({"required": ["clock"], "properties": {"clock": {"const": true}}});
    entry["allOf"] = json!([{"if": of_clock, "then": {"properties": {"is": {"const": "refused"}}}}]);
    entry
}
