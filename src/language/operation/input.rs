//! `inputs`: what `with` of a step takes.

use crate::language::provider::{BY_TYPE, EVERYWHERE, VALUE_RULES, joined};
use crate::language::shape::each;
use crate::language::shape::{Key, KeyMap, Shape, WordDoc, key, word};

/// `inputs`.
pub static INPUTS: KeyMap = KeyMap {
    name: "inputs",
    what: "`inputs`",
    doc: "Declares what `with` of a step takes.",
    keys: &INPUTS_KEYS,
    rules: &[],
    example: "{ required: [id], properties: { id: { type: string, description: The document } } }",
};

const INPUTS_KEYS: [Key; 2] = [
    key("required", Shape::AnyNames, "The inputs that every call needs", "required: [id]"),
    key(
        "properties",
        each!("INPUT", Shape::Map(&INPUT)),
        "The inputs under the vendor's own names, in the order in which they are sent",
        "properties: { id: { type: string, description: The document } }",
    ),
];

/// Where an input goes.
pub const INPUT_PLACES: [WordDoc; 4] = [
    word("body", "Into the body: where `$inputs` stands in `body`, or as a field of its own"),
    word("named", "Only where `path`, `query`, `headers` or `body` names it"),
    word("query", "Into the query"),
    word("header", "Into a header"),
];

/// An input of an operation.
pub static INPUT: KeyMap = KeyMap {
    name: "input",
    what: "an input",
    doc: "Declares one input: its type, what bounds its values, and where it goes.",
    keys: &INPUT_KEYS,
    rules: VALUE_RULES,
    example: "{ type: string, description: The document }",
};

static INPUT_KEYS: [Key; 26] = joined(&[&EVERYWHERE, &OF_AN_OPERATION, &BY_TYPE]);

static OF_AN_OPERATION: [Key; 4] = [
    key("in", Shape::Words(&INPUT_PLACES), "Where it goes", "in: query").default("body"),
    key("wire_name", Shape::Text, "The name under which it is sent", "wire_name: document-id")
        .default("(its own name)"),
    key(
        "required_when",
        Shape::Condition,
        "A condition on other inputs under which a call needs it",
        "required_when: '{{ eq inputs.kind \"urgent\" }}'",
    ),
    key(
        "widens_when_absent",
        Shape::Text,
        "What a call without it acts on instead; plans and confirmations count such calls apart",
        "widens_when_absent: the whole contract",
    ),
];
