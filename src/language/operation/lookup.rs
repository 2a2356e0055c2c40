//! `lookup`: how to find out whether a call took effect.

use crate::language::shape::{Key, KeyMap, Shape, key};
use crate::language::shape::{each, or_null};

/// `lookup`.
pub static LOOKUP: KeyMap = KeyMap {
    name: "lookup",
    what: "`lookup`",
    doc: "Finds out by a read whether a call whose answer was lost took effect.",
    keys: &LOOKUP_KEYS,
    rules: &[],
    example: "operation: get_document\ninputs: { id: \"{{ inputs.id }}\" }\ntook_effect: '{{ eq answer.state \"approved\" }}'\ndid_not: '{{ eq answer.state \"open\" }}'\n",
};

const LOOKUP_KEYS: [Key; 10] = [
    key("operation", Shape::Text, "The read of the same provider that shows the effect", "operation: get_document")
        .required(),
    key("when", Shape::Condition, "A condition on the inputs; no read shows other calls", "when: \"{{ inputs.id }}\"")
        .default("(every call)"),
    key(
        "inputs",
        Shape::AnyMap,
        "The inputs of the read; names begin with `inputs`, or are `intent.unix`, the time at which the call was about to be sent",
        "inputs: { id: \"{{ inputs.id }}\" }",
    ),
    key(
        "find",
        Shape::Map(&FIND),
        "How to find the element of a list in the read's answer; conditions see it as `match`",
        "find: { in: documents, where: { id: \"{{ inputs.id }}\" } }",
    ),
    key(
        "took_effect",
        Shape::Condition,
        "What proves that the call took effect; names begin with `inputs`, `intent`, `answer` or `match`",
        "took_effect: '{{ eq answer.state \"approved\" }}'",
    )
    .required(),
    key(
        "did_not",
        Shape::Condition,
        "What proves that the call did not take effect",
        "did_not: '{{ eq answer.state \"open\" }}'",
    )
    .default("(every answer that has the element, and for which `took_effect` does not hold)"),
    key(
        "outputs",
        each!("OUTPUT", or_null!(Shape::Template)),
        "The outputs of the call, from the read's answer",
        "outputs: { id: \"{{ answer.id }}\" }",
    ),
    key("conclusive", Shape::Bool, "Whether a call that did not take effect may be sent again", "conclusive: true")
        .default("false"),
    key(
        "settle",
        Shape::Duration,
        "How long after the call the read may still miss its effect; the lookup waits for that time",
        "settle: 5s",
    )
    .default("5s"),
    key(
        "batch",
        Shape::Map(&BATCH),
        "How to look up many calls by one read",
        "batch: { input: ids, max: 100, matches: id }",
    )
    .default("(one read for each call)"),
];

/// `find`.
pub static FIND: KeyMap = KeyMap {
    name: "find",
    what: "`find`",
    doc: "Finds the element of a list in the read's answer that belongs to the call.",
    keys: &FIND_KEYS,
    rules: &[],
    example: "{ in: documents, where: { id: \"{{ inputs.id }}\" } }",
};

const FIND_KEYS: [Key; 2] = [
    key(
        "in",
        Shape::AnyNames,
        "Where the body has the list, as a dotted path; of several paths the first that has a list counts",
        "in: documents",
    )
    .required(),
    key(
        "where",
        each!("FIELD", or_null!(Shape::Template)),
        "Fields of the element with the values that they must have; names begin with `inputs` or `intent`",
        "where: { id: \"{{ inputs.id }}\" }",
    ),
];

/// `batch`.
pub static BATCH: KeyMap = KeyMap {
    name: "batch",
    what: "`batch`",
    doc: "Looks up many calls by one read.",
    keys: &BATCH_KEYS,
    rules: &[],
    example: "{ input: ids, max: 100, matches: id }",
};

const BATCH_KEYS: [Key; 3] = [
    key("input", Shape::Text, "The input of the read that takes a list of ids", "input: ids").required(),
    key("max", Shape::Count { least: 1, most: None }, "The most ids that one read takes", "max: 100").required(),
    key("matches", Shape::Text, "The field of an element in the answer that holds its id", "matches: id").required(),
];
