//! An example: a call with the exact request that it makes and the answers that may come; each runs as a test.

use crate::language::limits::LIMITS;
use crate::language::settings::CONNECTION_SCHEMES;
use crate::language::shape::{Key, KeyMap, Shape, key};
use crate::language::shape::{any_of, each, list, or_null};
use crate::language::words::{DISPOSITIONS, METHODS};

/// A method of HTTP, in any case.
pub(super) const METHOD: Shape = any_of!(
    Shape::Words(&METHODS),
    Shape::Matching(
        "^([Gg][Ee][Tt]|[Pp][Oo][Ss][Tt]|[Pp][Uu][Tt]|[Pp][Aa][Tt][Cc][Hh]|[Dd][Ee][Ll][Ee][Tt][Ee]|[Hh][Ee][Aa][Dd])$",
    )
);

/// An example.
pub static EXAMPLE: KeyMap = KeyMap {
    name: "example",
    what: "an example",
    doc: "Shows a call, the exact request that it makes, and what some answers to it mean; it runs as a test.",
    keys: &EXAMPLE_KEYS,
    rules: &[],
    example: "name: A document is approved\nwith: { id: D-1 }\nrequest: { method: POST, path: /approvals, body: { id: D-1 } }\nanswers:\n  - { body: { code: 0 }, is: succeeded }\n  - { body: { code: 17 }, is: rejected, code: \"17\" }\n",
};

const EXAMPLE_KEYS: [Key; 6] = [
    key("name", Shape::Text, "What the example shows", "name: A document is approved").required(),
    key(
        "connection",
        Shape::Map(&EXAMPLE_CONNECTION),
        "What the settings say of the connection",
        "connection: { settings: { language: en } }",
    ),
    key(
        "now",
        Shape::Matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"),
        "When the call is sent, as RFC 3339 has it",
        "now: 2030-01-31T09:00:00Z",
    )
    .default("2023-11-14T22:13:20Z"),
    key("with", Shape::AnyMap, "The inputs, as in a step", "with: { id: D-1 }"),
    key(
        "request",
        Shape::Map(&EXAMPLE_REQUEST),
        "The request that must result",
        "request: { path: /approvals, body: { id: D-1 } }",
    )
    .required(),
    key(
        "answers",
        list!(Shape::Map(&EXAMPLE_ANSWER), 1),
        "Answers, and what each of them means",
        "answers: [{ body: { code: 0 }, is: succeeded }]",
    )
    .required(),
];

/// `connection` of an example.
pub static EXAMPLE_CONNECTION: KeyMap = KeyMap {
    name: "example_connection",
    what: "`connection`",
    doc: "Says what the settings of an example are.",
    keys: &EXAMPLE_CONNECTION_KEYS,
    rules: &[],
    example: "{ base_url: https://api.example.com, settings: { language: en } }",
};

const EXAMPLE_CONNECTION_KEYS: [Key; 5] = [
    key("settings", Shape::AnyMap, "The provider's settings", "settings: { language: en }"),
    key("defaults", Shape::AnyMap, "Inputs that are laid under `with`", "defaults: { id: D-1 }"),
    key(
        "scheme",
        Shape::Words(&CONNECTION_SCHEMES),
        "The scheme of `auth`, for a provider that leaves it to its connections",
        "scheme: bearer",
    )
    .default("(none)"),
    key("base_url", Shape::Text, "The address that calls go to", "base_url: https://api.example.com")
        .default("(the provider's own)"),
    key(
        "operations",
        each!("OPERATION", Shape::Map(&EXAMPLE_OPERATION)),
        "What differs for single operations",
        "operations: { approve: { wire: { id: document_id } } }",
    ),
];

/// An operation under `connection` of an example.
pub static EXAMPLE_OPERATION: KeyMap = KeyMap {
    name: "example_operation",
    what: "an operation's settings",
    doc: "Changes how one operation is called in an example.",
    keys: &EXAMPLE_OPERATION_KEYS,
    rules: &[],
    example: "{ path: /path/told/by/the/vendor, wire: { id: document_id } }",
};

const EXAMPLE_OPERATION_KEYS: [Key; 3] = [
    key("path", Shape::Text, "The path of the operation", "path: /path/told/by/the/vendor"),
    key("limits", Shape::Map(&LIMITS), "Limits of the operation", "limits: { rate: 1/s }"),
    key("wire", Shape::AnyMap, "Other names or types of inputs on the wire", "wire: { id: document_id }"),
];

/// `request` of an example.
pub static EXAMPLE_REQUEST: KeyMap = KeyMap {
    name: "example_request",
    what: "`request`",
    doc: "Says which request the call of an example must make.",
    keys: &EXAMPLE_REQUEST_KEYS,
    rules: &[],
    example: "{ method: POST, path: /approvals, body: { id: D-1 } }",
};

const EXAMPLE_REQUEST_KEYS: [Key; 4] = [
    key("method", METHOD, "The HTTP method, in capitals or small letters", "method: POST").default("POST"),
    key("path", Shape::Text, "The path with its query", "path: /approvals?dry=true").required(),
    key("body", Shape::Any, "The body, as JSON", "body: { id: D-1 }").default("(no body)"),
    key(
        "headers",
        each!("HEADER", or_null!(Shape::Text)),
        "Headers that must be among those of the request",
        "headers: { Content-Type: application/json }",
    ),
];

/// An answer of an example.
pub static EXAMPLE_ANSWER: KeyMap = KeyMap {
    name: "example_answer",
    what: "an answer",
    doc: "Shows an answer of the vendor, and says what it means.",
    keys: &EXAMPLE_ANSWER_KEYS,
    rules: &[],
    example: "{ status: 200, body: { code: 17 }, is: rejected, code: \"17\" }",
};

const EXAMPLE_ANSWER_KEYS: [Key; 6] = [
    key("status", Shape::Count { least: 0, most: None }, "The HTTP status", "status: 200").default("200"),
    key("text", Shape::Text, "The body, as text; it goes before `body`", "text: \"<html>Bad gateway</html>\""),
    key("body", Shape::Any, "The body, as JSON", "body: { code: 0 }").default("(an empty body)"),
    key("is", Shape::Words(&DISPOSITIONS), "What the answer means", "is: rejected").required(),
    key("code", Shape::Text, "The code that is read from the answer", "code: \"17\"").default("(it may be any)"),
    key("outputs", Shape::AnyMap, "The outputs that are read from the answer", "outputs: { id: D-1 }")
        .default("(they may be any)"),
];
