//! The schema of `provider.yaml`.

use serde_json::json;

use super::answer::answer;
use super::declarations::definitions;
use super::parts::{
    any_names, closed, duration, expressions, file, flag, keyed, limits, needed_text, or_null, quota, text, word_needed,
};
use crate::model::Value;
use crate::provider::SchemeWord;

/// The schema of a provider's own file.
pub(in crate::cli) fn provider() -> Value {
    let setting = closed(
        vec![
            ("required", flag("Whether a connection must have it")),
            ("default", json!({"description": "Its value where a connection has none"})),
            ("description", text("For people")),
        ],
        &[],
    );
    let credential = closed(
        vec![
            ("description", text("For people")),
            ("public", flag("Whether it names somebody rather than proves who it is, so that documents may hold it")),
        ],
        &[],
    );
    let set = closed(
        vec![("credentials", any_names("Their names")), ("settings", any_names("Settings that go with them"))],
        &[],
    );
    let body = closed(
        vec![
            ("title", needed_text("What people call it")),
            ("description", text("What is to be known of it")),
            (
                "base_url",
                json!({"type": ["string", "null"], "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]", "description": "Where its calls go, unless a connection says another"}),
            ),
            ("settings", described(keyed(setting), "Settings that a connection may have")),
            ("credentials", described(keyed(credential), "Credentials that a connection may have")),
            (
                "credential_sets",
                json!({"type": ["array", "null"], "items": set, "description": "Which credentials make a connection whole; one of the sets is enough"}),
            ),
            ("limits", limits("Calls of one credential and operation")),
            ("quota", quota()),
            ("timeout", duration("How long a call may take")),
            ("headers", expressions("Headers of every call; names start with `settings`")),
            ("attempt_query", expressions("Query of every attempt; names start with `settings` or `attempt`")),
            (
                "types",
                described(
                    keyed(json!({"$ref": "#/definitions/inside"})),
                    "Types that its operations share, for `$ref`",
                ),
            ),
            ("auth", auth()),
            ("answer", described(answer(), "How its answers are read")),
        ],
        &["title", "auth", "answer"],
    );
    file("A provider of runsheet", body, definitions().into_iter().collect())
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}

fn auth() -> Value {
    let mut auth = closed(
        vec![
            (
                "scheme",
                word_needed(&SchemeWord::WORDS, "How calls are authenticated; `connection` leaves it to the settings"),
            ),
            ("service", text("The service that is signed for (`tc3`)")),
            ("version", text("The version that is signed for (`tc3`)")),
            (
                "headers",
                expressions("Headers that show it; names start with `token`, `credentials`, `settings` or `attempt`"),
            ),
            ("expires", expires()),
            ("refresh_ahead", duration("How long ahead of its end a token is fetched anew")),
            (
                "login",
                json!({"type": ["array", "null"], "items": login(), "description": "How a token is had; the first whose credentials are there"}),
            ),
        ],
        &["scheme"],
    );
    auth["description"] = json!("How calls are authenticated");
    auth["if"] = json!({"properties": {"scheme": {"const": "tc3"}}});
    auth["then"] = json!({"required": ["service", "version"], "properties": {"service": needed_text(""), "version": needed_text("")}});
    auth["else"] = json!({"properties": {"service": false, "version": false}});
    auth
}

/// The schema of `expires`: one of three keys.
fn expires() -> Value {
    let keys = ["seconds", "at", "jwt"];
    let meant = ["holds how many seconds are left", "holds the instant", "is a JWT that tells it"];
    let given = keys.map(|key| json!({"required": [key], "properties": {key: {"not": {"type": "null"}}}}));
    let keys = keys.into_iter().zip(meant).map(|(key, what)| (key, text(&format!("The output that {what}"))));
    let mut expires = or_null(closed(keys.collect(), &[]));
    expires["description"] = json!("When a token ends");
    expires["anyOf"] = json!([{"type": "null"}, {"oneOf": given}]);
    expires
}

fn login() -> Value {
    let step = closed(
        vec![
            ("operation", needed_text("An operation of the provider that is `internal`")),
            (
                "inputs",
                json!({"type": ["object", "null"], "description": "Its inputs; names start with `credentials`, `settings` or `token`"}),
            ),
        ],
        &["operation"],
    );
    let mut credentials = any_names("The credentials that it needs");
    credentials["uniqueItems"] = json!(true);
    closed(
        vec![
            ("credentials", credentials),
            ("steps", json!({"type": "array", "items": step, "minItems": 1, "description": "Its calls, in order"})),
        ],
        &["steps"],
    )
}
