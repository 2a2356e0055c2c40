//! The file of an operation.

use super::effect::{DANGER, EFFECTS, REPEAT_RULE, UNDO};
use super::example::{EXAMPLE, METHOD};
use super::input::INPUTS;
use super::lookup::LOOKUP;
use super::output::OUTPUT;
use crate::language::limits::{LIMITS, QUOTA};
use crate::language::provider::ANSWER;
use crate::language::shape::{Key, KeyMap, Rule, Shape, key, word};
use crate::language::shape::{any_of, each, list, or_null};
use crate::language::words::REPEATS;

/// The file of an operation.
pub static OPERATION: KeyMap = KeyMap {
    name: "operation",
    what: "an operation",
    doc: "Describes one call of a vendor: its inputs, the request that they make, what its answers mean, and what it changes.",
    keys: &OPERATION_KEYS,
    rules: &[
        Rule {
            doc: "`effect: read` has no `undo`: a read changes nothing",
            schema: r#"{
                "if": { "properties": { "effect": { "const": "read" } } },
                "then": { "properties": { "undo": { "type": "null" } } }
            }"#,
        },
        Rule {
            doc: "`repeat: lookup`, also in one of its rules, needs `lookup`",
            schema: r#"{
                "if": {
                    "required": ["repeat"],
                    "properties": {
                        "repeat": {
                            "anyOf": [
                                { "const": "lookup" },
                                {
                                    "type": "array",
                                    "contains": { "type": "object", "required": ["is"], "properties": { "is": { "const": "lookup" } } }
                                }
                            ]
                        }
                    }
                },
                "then": { "required": ["lookup"], "properties": { "lookup": { "type": "object" } } }
            }"#,
        },
    ],
    example: "summary: Approves a document\nvendor_name: approvals.create\neffect: write\npath: /approvals\ninputs:\n  required: [id]\n  properties:\n    id: { type: string, description: The document }\nexamples:\n  - name: A document is approved\n    with: { id: D-1 }\n    request: { path: /approvals, body: { id: D-1 } }\n    answers:\n      - { body: { code: 0 }, is: succeeded }\n",
};

const OPERATION_KEYS: [Key; 27] = [
    key("summary", Shape::Text, "What the operation does, in one line", "summary: Approves a document").required(),
    key(
        "vendor_name",
        Shape::Text,
        "The vendor's own name for the call; `uses` may give it in place of the file's name",
        "vendor_name: approvals.create",
    )
    .required(),
    key(
        "description",
        Shape::Text,
        "What a person should know before using it",
        "description: The acting member must be in charge of the document.",
    ),
    key("internal", Shape::Bool, "Whether only the provider itself uses it, such as for a login; no step can", "internal: true")
        .default("false"),
    key(
        "open",
        Shape::Bool,
        "Whether each step may say itself what may follow a lost answer (`repeat`), as for `http.request`",
        "open: true",
    )
    .default("false"),
    key("effect", Shape::Words(&EFFECTS), "Whether a call changes something", "effect: write").required(),
    key(
        "reads_when",
        Shape::Condition,
        "A condition on the inputs under which a call of this `write` only reads",
        "reads_when: '{{ eq inputs.id \"any\" }}'",
    ),
    key("method", METHOD, "The HTTP method, in capitals or small letters", "method: POST").default("POST"),
    key("method_input", Shape::Text, "The input that gives the method", "method_input: verb")
        .of("inputs: { properties: { verb: { type: string, in: named } } }"),
    key(
        "path",
        Shape::Template,
        "The path below the base URL; names begin with `inputs` or `settings`, and null stands where no document gives the path",
        "path: \"/documents/{{ settings.tenant }}/approvals\"",
    )
    .required()
    .null_is_a_value(),
    key(
        "query",
        each!("PARAMETER", or_null!(Shape::Template)),
        "Query parameters; names begin with `inputs` or `settings`, and a parameter without a value is left out",
        "query: { language: \"{{ settings.language }}\" }",
    ),
    key("query_input", Shape::Text, "The input whose fields are query parameters", "query_input: filters")
        .of("inputs: { properties: { filters: { type: object, in: named, additionalProperties: true } } }"),
    key(
        "headers",
        each!("HEADER", or_null!(Shape::Template)),
        "Headers, never credentials; names begin with `inputs` or `settings`, and a header without a value is left out",
        "headers: { X-Document: \"{{ inputs.id }}\" }",
    ),
    key("headers_input", Shape::Text, "The input whose fields are headers", "headers_input: extra")
        .of("inputs: { properties: { extra: { type: object, in: named, additionalProperties: true } } }"),
    key(
        "body",
        any_of!(Shape::Map(&BODY), Shape::Any),
        "The JSON body; names begin with `inputs` or `settings`, `$inputs` stands for inputs as they are, and null sends no body",
        "body: { header: { version: \"9\" }, body: { $inputs: all } }",
    )
    .null_is_a_value()
    .default("(all inputs that go into the body, as they are; none with GET, HEAD and DELETE)"),
    key(
        "auth",
        Shape::Words(&[word("none", "The call is sent without authentication")]),
        "Says `none` for a call that is sent without authentication",
        "auth: none",
    )
    .default("(that of the provider)"),
    key(
        "inputs",
        Shape::Map(&INPUTS),
        "What `with` of a step takes",
        "inputs: { required: [id], properties: { id: { type: string } } }",
    ),
    key(
        "outputs",
        each!("OUTPUT", Shape::Map(&OUTPUT)),
        "What later steps may use of the answer, by name",
        "outputs: { approval: { path: approval.id, type: string, required: true } }",
    ),
    key(
        "answer",
        Shape::Map(&ANSWER),
        "How the answers of this call are read, where that differs from the provider's",
        "answer: { codes: [{ code: 12, is: unchanged, means: It was approved before }] }",
    ),
    key(
        "repeat",
        any_of!(Shape::Words(&REPEATS),
            list!(Shape::Map(&REPEAT_RULE), 0)),
        "What may follow when the answer to a call is lost: one word, or rules for calls with certain inputs",
        "repeat: safe",
    )
    .default("(`never`; `safe` for a read)"),
    key(
        "lookup",
        Shape::Map(&LOOKUP),
        "How to find out whether a call took effect",
        "lookup: { operation: get_document, inputs: { id: \"{{ inputs.id }}\" }, took_effect: '{{ eq answer.state \"approved\" }}' }",
    ),
    key(
        "undo",
        Shape::Map(&UNDO),
        "The call that takes a call back",
        "undo: { operation: cancel, with: { id: \"{{ inputs.id }}\" } }",
    ),
    key(
        "natural_key",
        Shape::AnyNames,
        "The inputs that together name what must not be made twice; other runs are searched for them before a call",
        "natural_key: [id]",
    ),
    key(
        "danger",
        list!(Shape::Map(&DANGER), 0),
        "The harm that a call can do",
        "danger: [{ kind: signs, counts_as: decision, description: Decides in the acting member's name }]",
    ),
    key("limits", Shape::Map(&LIMITS), "Limits of this operation, in place of the provider's", "limits: { rate: 10/m, in_flight: 1 }")
        .default("(those of the provider)"),
    key("quota", Shape::Map(&QUOTA), "The calls of this operation in a day", "quota: { calls: 1000, resets: Asia/Shanghai }"),
    key(
        "examples",
        list!(Shape::Map(&EXAMPLE), 1),
        "Calls with their exact requests and answers; each runs as a test",
        "examples: [{ name: One, with: { id: D-1 }, request: { path: /approvals, body: { id: D-1 } }, answers: [{ body: { code: 0 }, is: succeeded }] }]",
    )
    .required(),
];

/// A map in `body`.
pub static BODY: KeyMap = KeyMap {
    name: "body",
    what: "a map in `body`",
    doc: "Stands in `body` of an operation at any depth; its other keys are fields, and `$inputs` stands for inputs as fields beside them.",
    keys: &[INPUTS_IN_BODY],
    rules: &[],
    example: "{ command: approve, $inputs: all }",
};

/// `$inputs`.
pub const INPUTS_IN_BODY: Key = key(
    "$inputs",
    any_of!(Shape::Words(&[word("all", "All inputs that go into the body")]), list!(Shape::Text, 0)),
    "The inputs that become fields of this map, each under its own name: `all`, or a list of names",
    "$inputs: [id]",
);
