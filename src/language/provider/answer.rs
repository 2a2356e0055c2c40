//! `answer`: how the vendor's answers are read, for all operations of a provider or for one of them.

use crate::language::shape::{Key, KeyMap, Rule, Shape, key};
use crate::language::shape::{any_of, list};
use crate::language::words::DISPOSITIONS;

/// `answer`.
pub static ANSWER: KeyMap = KeyMap {
    name: "answer",
    what: "`answer`",
    doc: "Says when a call has succeeded, and what the vendor's codes mean; in an operation's file it is laid over that of the provider.",
    keys: &ANSWER_KEYS,
    rules: &[],
    example: "{ success: { path: code, is: [0] }, code: code, message: message, otherwise: rejected }",
};

const ANSWER_KEYS: [Key; 9] = [
    key(
        "success",
        any_of!(Shape::Map(&SUCCESS), list!(Shape::Map(&SUCCESS), 0)),
        "When a call has succeeded: a rule, or a list of rules of which one must hold; the HTTP status must be between 200 and 299 as well",
        "success: { path: code, is: [0] }",
    )
    .default("(whatever comes with a status between 200 and 299)"),
    key(
        "success_input",
        Shape::Text,
        "The input with which a step gives a rule of its own, in place of `success`",
        "success_input: success",
    ),
    key(
        "code",
        Shape::AnyNames,
        "Where the body has the vendor's code, as a dotted path; of several paths the first that has a value counts",
        "code: error.code",
    )
    .default("(the paths of `success`)"),
    key(
        "message",
        Shape::AnyNames,
        "Where the body has the vendor's message; of several paths the first that has a value counts",
        "message: [error.message, message]",
    ),
    key(
        "request_id",
        Shape::AnyNames,
        "Where the answer has the vendor's id of the request: a path in the body, or `@header.NAME`",
        "request_id: \"@header.x-request-id\"",
    ),
    key("any_body", Shape::Bool, "Whether a body that is not JSON counts as an answer", "any_body: false")
        .default("false"),
    key(
        "otherwise",
        Shape::Words(&DISPOSITIONS),
        "What a code means that `codes` does not list",
        "otherwise: rejected",
    )
    .default("(unknown)"),
    key(
        "items",
        Shape::Map(&ITEMS),
        "How to find items that failed inside an answer that says success",
        "items: { list: results, ok: { path: result, is: [OK] } }",
    ),
    key(
        "codes",
        list!(Shape::Map(&CODE), 0),
        "What the vendor's codes mean; the entries of an operation come before those of the provider",
        "codes: [{ code: http 429, is: throttled, gate: true }]",
    ),
];

/// A rule of success.
pub static SUCCESS: KeyMap = KeyMap {
    name: "success",
    what: "`success`",
    doc: "Says when a call, or one item of an answer, has succeeded; all that the rule names must hold.",
    keys: &SUCCESS_KEYS,
    rules: &[Rule {
        doc: "`path` and `is` go together: where the code is, and which codes mean success",
        schema: r#"{
            "if": { "required": ["path"], "properties": { "path": { "not": { "type": "null" } } } },
            "then": { "required": ["is"], "properties": { "is": { "type": "array", "minItems": 1 } } },
            "else": { "properties": { "is": { "maxItems": 0 } } }
        }"#,
    }],
    example: "{ path: code, is: [0] }",
};

const SUCCESS_KEYS: [Key; 4] = [
    key("path", Shape::Text, "Where the body has the code, as a dotted path", "path: code").of("is: [0]"),
    key(
        "is",
        list!(Shape::Any, 0),
        "The codes that mean success; they are compared as text, so 1 and `\"1\"` are the same and 0 and `\"00\"` are not",
        "is: [0]",
    )
    .of("path: code"),
    key("absent", Shape::Text, "A path at which the body must have no value; null counts as none", "absent: error"),
    key("present", Shape::Text, "A path at which the body must have a value", "present: request_id"),
];

/// `items`.
pub static ITEMS: KeyMap = KeyMap {
    name: "items",
    what: "`items`",
    doc: "Judges the items of a list inside an answer that says success, such as one result for each person.",
    keys: &ITEMS_KEYS,
    rules: &[],
    example: "{ list: results, ok: { path: result, is: [OK] }, message: reason }",
};

const ITEMS_KEYS: [Key; 5] = [
    key(
        "list",
        Shape::Text,
        "Where the body has the list, as a dotted path; where there is none, no item has failed",
        "list: results",
    )
    .required(),
    key(
        "ok",
        Shape::Map(&SUCCESS),
        "When an item has succeeded, by paths inside the item; of items that are texts, blank ones and those under `is` have succeeded",
        "ok: { path: result, is: [OK] }",
    )
    .default("(every item that is a map has succeeded)"),
    key("message", Shape::Text, "Where an item says what went wrong", "message: reason").default("(the item itself)"),
    key("all_failed", Shape::Words(&DISPOSITIONS), "What it means that every item failed", "all_failed: rejected")
        .default("rejected"),
    key("some_failed", Shape::Words(&DISPOSITIONS), "What it means that only some items failed", "some_failed: unknown")
        .default("unknown"),
];

/// An entry of `codes`.
pub static CODE: KeyMap = KeyMap {
    name: "code",
    what: "an entry of `codes`",
    doc: "Says what one or several codes of the vendor mean.",
    keys: &CODE_KEYS,
    rules: &[
        Rule {
            doc: "`throttled`, `unavailable` and `expired_token` need `gate: true`: the call is sent again, so the refused one must not have taken effect",
            schema: r#"{
                "if": { "required": ["is"], "properties": { "is": { "enum": ["throttled", "unavailable", "expired_token"] } } },
                "then": { "required": ["gate"], "properties": { "gate": { "const": true } } }
            }"#,
        },
        Rule {
            doc: "`clock: true` needs `is: refused`: a wrong clock is wrong for every row",
            schema: r#"{
                "if": { "required": ["clock"], "properties": { "clock": { "const": true } } },
                "then": { "properties": { "is": { "const": "refused" } } }
            }"#,
        },
    ],
    example: "{ code: E17, is: rejected, means: The document does not exist, advice: \"Check the id.\" }",
};

const CODE_KEYS: [Key; 8] = [
    key(
        "code",
        Shape::AnyNames,
        "The code, or several; `E1*` stands for all codes that begin with `E1`, `http 429` and `http 5*` for statuses of HTTP",
        "code: [E17, E18]",
    )
    .required(),
    key("is", Shape::Words(&DISPOSITIONS), "What the code means", "is: rejected").required(),
    key(
        "for_reads",
        Shape::Words(&DISPOSITIONS),
        "What the code means for a call that only reads",
        "for_reads: unavailable",
    )
    .default("(the same as `is`)"),
    key(
        "gate",
        Shape::Bool,
        "Whether the vendor refuses the call before it acts, so that nothing can have taken effect",
        "gate: true",
    )
    .default("false"),
    key(
        "clock",
        Shape::Bool,
        "Whether the code says that this machine's clock is wrong; the run then tells by how much",
        "clock: true",
    )
    .default("false")
    .of("is: refused"),
    key(
        "message",
        Shape::Text,
        "A regular expression: the entry counts only for messages that it matches",
        "message: \"(?i)too many\"",
    )
    .default("(every message)"),
    key("means", Shape::Text, "What the code means, for people", "means: The document does not exist"),
    key("advice", Shape::Text, "What to do about it, for people", "advice: \"Check the id.\""),
];
