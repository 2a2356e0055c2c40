//! The type of a value, in words of JSON Schema and some of runsheet: an entry of `types`, a field or an element of an
//! input. An input of an operation has these keys and a few more.

use crate::language::shape::{Key, KeyMap, Rule, Shape, WordDoc, key, word};
use crate::language::shape::{any_of, each, list, or_null};

/// The types of values.
pub const VALUE_TYPES: [WordDoc; 7] = [
    word("string", "Text, or a time that is sent as text (`format`)"),
    word("integer", "A whole number, or a time that is sent as one (`format`)"),
    word("number", "A number; its digits are kept as written"),
    word("boolean", "`true` or `false`"),
    word("object", "A map with the fields under `properties`"),
    word("array", "A list whose elements are described by `items`"),
    word("any", "Any value, sent as it is"),
];

/// The forms in which a time is sent.
pub const FORMATS: [WordDoc; 4] = [
    word("unix-seconds", "Seconds since 1970: a number for `type: integer`, its digits for `type: string`"),
    word("unix-millis", "Milliseconds since 1970, as a number"),
    word("date-time", "RFC 3339 text: `2030-01-31T09:00:00+08:00`"),
    word("date", "A day as text: `2030-01-31`"),
];

/// The type of a value.
pub static VALUE: KeyMap = KeyMap {
    name: "value",
    what: "an input",
    doc: "Describes a type of the provider, a field of an input, or the elements of one.",
    keys: &VALUE_KEYS,
    rules: VALUE_RULES,
    example: "{ type: string, description: The document's id }",
};

static VALUE_KEYS: [Key; 22] = joined(&[&EVERYWHERE, &BY_TYPE]);

/// Puts lists of keys together.
pub(in crate::language) const fn joined<const N: usize>(parts: &[&[Key]]) -> [Key; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut place = 0;
        while place < parts[part].len() {
            all[at] = parts[part][place];
            at += 1;
            place += 1;
        }
        part += 1;
    }
    assert!(at == N);
    all
}

/// Keys of every value, whatever its type.
pub(in crate::language) static EVERYWHERE: [Key; 7] = [
    key(
        "$ref",
        Shape::Text,
        "A type of the provider's `types`, in place of `type` and the keys that go with it",
        "$ref: DocumentId",
    )
    .of("type: null"),
    key("type", Shape::Words(&VALUE_TYPES), "What the value is; needed without `$ref`", "type: string"),
    key("description", Shape::Text, "What it is, for people", "description: The document's id"),
    key(
        "default",
        Shape::Any,
        "The value that is sent where neither playbook nor settings give one",
        "default: normal",
    ),
    key("sensitive", Shape::Bool, "Whether the value is masked wherever people look", "sensitive: true")
        .default("false"),
    key(
        "deprecated",
        Shape::Text,
        "Why it should no longer be given, and what to give instead",
        "deprecated: \"The vendor no longer reads it; give `reason`.\"",
    ),
    key(
        "spellings",
        each!("SPELLING", or_null!(Shape::Text)),
        "Other names under which a step may give it, each with a sentence of advice",
        "spellings: { remarks: \"Write `remark`.\" }",
    ),
];

const LENGTH: Shape = Shape::Count { least: 0, most: None };
const BOUND: Shape = any_of!(Shape::Integer, Shape::Matching("^[-+]?[0-9]+$"));

/// Keys that go with some types only.
pub(in crate::language) static BY_TYPE: [Key; 15] = [
    key("enum", list!(Shape::Any, 0), "The values that are allowed", "enum: [normal, urgent]"),
    key(
        "format",
        Shape::Words(&FORMATS),
        "Makes the value a time, and says how it is sent; a row may write it in any form that names one instant",
        "format: unix-seconds",
    ),
    key("ahead_of_now", Shape::Bool, "Whether the time must lie after the moment of sending", "ahead_of_now: true")
        .default("false")
        .of("format: unix-seconds"),
    key("minLength", LENGTH, "The fewest characters of a text", "minLength: 1"),
    key("maxLength", LENGTH, "The most characters of a text", "maxLength: 64"),
    key(
        "pattern",
        Shape::Text,
        "A regular expression that must match somewhere in the text; `^` and `$` tie it to the ends",
        "pattern: \"^[0-9a-f]+$\"",
    ),
    key(
        "pattern_means",
        Shape::Text,
        "What `pattern` asks for, in words for messages",
        "pattern_means: an e-mail address",
    )
    .of("pattern: \"^[^@ ]+@[^@ ]+$\""),
    key("minimum", BOUND, "The smallest number", "minimum: 1").of("type: integer"),
    key("maximum", BOUND, "The largest number", "maximum: 99").of("type: integer"),
    key("minItems", LENGTH, "The fewest elements of a list", "minItems: 1")
        .of("{ type: array, items: { type: string } }"),
    key("maxItems", LENGTH, "The most elements of a list", "maxItems: 100")
        .of("{ type: array, items: { type: string } }"),
    key("items", Shape::Map(&VALUE), "What each element of a list is", "items: { type: string }").of("type: array"),
    key(
        "properties",
        each!("FIELD", Shape::Map(&VALUE)),
        "The fields of a map, by name",
        "properties: { name: { type: string }, phone: { type: string, sensitive: true } }",
    )
    .of("type: object"),
    key("required", Shape::AnyNames, "The fields of a map that must be given", "required: [name]")
        .of("{ type: object, properties: { name: { type: string } } }"),
    key(
        "additionalProperties",
        Shape::Bool,
        "Whether a map may have fields that `properties` does not name; they are sent as they are",
        "additionalProperties: true",
    )
    .default("false")
    .of("type: object"),
];

/// What the keys of a value ask of each other.
pub(in crate::language) const VALUE_RULES: &[Rule] = &[
    Rule {
        doc: "Either `$ref` or `type` is given; beside `$ref` stand no keys that go with a type",
        schema: r#"{
            "if": { "required": ["$ref"], "properties": { "$ref": { "not": { "type": "null" } } } },
            "then": {
                "properties": {
                    "type": { "type": "null" },
                    "enum": { "type": "null" },
                    "format": { "type": "null" },
                    "ahead_of_now": { "type": "null" },
                    "minLength": { "type": "null" },
                    "maxLength": { "type": "null" },
                    "pattern": { "type": "null" },
                    "pattern_means": { "type": "null" },
                    "minimum": { "type": "null" },
                    "maximum": { "type": "null" },
                    "minItems": { "type": "null" },
                    "maxItems": { "type": "null" },
                    "items": { "type": "null" },
                    "properties": { "type": "null" },
                    "required": { "type": "null" },
                    "additionalProperties": { "type": "null" }
                }
            },
            "else": { "required": ["type"], "properties": { "type": { "type": "string" } } }
        }"#,
    },
    Rule {
        doc: "`format` goes with `type: string` (`unix-seconds`, `date-time`, `date`) and `type: integer` (`unix-seconds`, `unix-millis`)",
        schema: r#"{
            "if": { "properties": { "type": { "const": "string" } } },
            "then": { "properties": { "format": { "enum": ["unix-seconds", "date-time", "date", null] } } },
            "else": {
                "if": { "properties": { "type": { "const": "integer" } } },
                "then": { "properties": { "format": { "enum": ["unix-seconds", "unix-millis", null] } } },
                "else": { "properties": { "format": { "type": "null" } } }
            }
        }"#,
    },
    Rule {
        doc: "`ahead_of_now` needs a `format`",
        schema: r#"{
            "if": { "required": ["format"], "properties": { "format": { "type": "string" } } },
            "else": { "properties": { "ahead_of_now": { "type": "null" } } }
        }"#,
    },
    Rule {
        doc: "`minLength`, `maxLength`, `pattern` and `pattern_means` go with `type: string` without `format`",
        schema: r#"{
            "if": { "properties": { "type": { "const": "string" }, "format": { "type": "null" } } },
            "else": {
                "properties": {
                    "minLength": { "type": "null" },
                    "maxLength": { "type": "null" },
                    "pattern": { "type": "null" },
                    "pattern_means": { "type": "null" }
                }
            }
        }"#,
    },
    Rule {
        doc: "`minimum` and `maximum` go with `type: integer` and `type: number` without `format`",
        schema: r#"{
            "if": { "properties": { "type": { "enum": ["integer", "number"] }, "format": { "type": "null" } } },
            "else": { "properties": { "minimum": { "type": "null" }, "maximum": { "type": "null" } } }
        }"#,
    },
    Rule {
        doc: "`type: array` needs `items`; `items`, `minItems` and `maxItems` go with no other type",
        schema: r#"{
            "if": { "required": ["type"], "properties": { "type": { "const": "array" } } },
            "then": { "required": ["items"], "properties": { "items": { "type": "object" } } },
            "else": {
                "properties": {
                    "items": { "type": "null" },
                    "minItems": { "type": "null" },
                    "maxItems": { "type": "null" }
                }
            }
        }"#,
    },
    Rule {
        doc: "`properties`, `required` and `additionalProperties` go with `type: object`",
        schema: r#"{
            "if": { "properties": { "type": { "const": "object" } } },
            "else": {
                "properties": {
                    "properties": { "type": "null" },
                    "required": { "type": "null" },
                    "additionalProperties": { "type": "null" }
                }
            }
        }"#,
    },
];
