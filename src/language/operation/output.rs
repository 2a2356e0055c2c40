//! An output: what later steps may use of an answer.

use crate::language::shape::{Key, KeyMap, Shape, WordDoc, key, word};

/// The types of outputs.
pub const OUTPUT_TYPES: [WordDoc; 7] = [
    word("string", "Text; a number becomes its digits"),
    word("integer", "A whole number; a text that spells one becomes it"),
    word("number", "A number; a text that spells one becomes it"),
    word("boolean", "`true` or `false`"),
    word("array", "A list"),
    word("object", "A map"),
    word("any", "Any value, as it came"),
];

/// An output.
pub static OUTPUT: KeyMap = KeyMap {
    name: "output",
    what: "an output",
    doc: "Takes one value out of the answer, for `steps.ID.outputs.NAME`.",
    keys: &OUTPUT_KEYS,
    rules: &[],
    example: "{ path: document.id, type: string, required: true, description: The new document }",
};

const OUTPUT_KEYS: [Key; 5] = [
    key(
        "path",
        Shape::AnyNames,
        "Where the value is in the body, as a dotted path; of several paths the first that has a value counts, an empty one is the whole body, `@status` the status and `@header.NAME` a header",
        "path: document.id",
    )
    .required(),
    key("description", Shape::Text, "What it is, for people", "description: The new document"),
    key("type", Shape::Words(&OUTPUT_TYPES), "What it is", "type: string").default("any"),
    key(
        "required",
        Shape::Bool,
        "Whether a success must have it: without it, or with a blank text, the outcome of the call is unknown",
        "required: true",
    )
    .default("false"),
    key("sensitive", Shape::Bool, "Whether the value is masked wherever people look", "sensitive: true").default("false"),
];
