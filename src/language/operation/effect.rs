//! What a call changes: whether it may be sent again, what harm it can do, how it is taken back.

use crate::language::shape::{Key, KeyMap, Shape, WordDoc, key, word};
use crate::language::words::REPEATS;

/// Whether a call changes something.
pub const EFFECTS: [WordDoc; 2] = [word("read", "The call only reads"), word("write", "The call may change something")];

/// A rule of `repeat`.
pub static REPEAT_RULE: KeyMap = KeyMap {
    name: "repeat_rule",
    what: "a rule of `repeat`",
    doc: "Says what may follow a lost answer, for calls with certain inputs; of several rules the first that holds decides.",
    keys: &REPEAT_RULE_KEYS,
    rules: &[],
    example: "{ when: \"{{ inputs.id }}\", is: safe }",
};

const REPEAT_RULE_KEYS: [Key; 2] = [
    key("when", Shape::Condition, "A condition on the inputs", "when: \"{{ inputs.id }}\"").default("(every call)"),
    key("is", Shape::Words(&REPEATS), "What may follow", "is: safe").required(),
];

/// The kinds of harm.
pub const DANGER_KINDS: [WordDoc; 5] = [
    word("bills", "It costs money"),
    word("cancels", "It ends something that other people rely on"),
    word("notifies", "It sends messages to people"),
    word("signs", "It signs or approves in a person's name"),
    word("irreversible", "No operation takes it back"),
];

/// A danger.
pub static DANGER: KeyMap = KeyMap {
    name: "danger",
    what: "a danger",
    doc: "Names one harm that a call can do; plans show it, confirmations ask for it, and `budget` counts it.",
    keys: &DANGER_KEYS,
    rules: &[],
    example: "{ kind: notifies, counts_as: message, description: A message goes to every signer }",
};

const DANGER_KEYS: [Key; 4] = [
    key("kind", Shape::Words(&DANGER_KINDS), "The kind of harm", "kind: notifies").required(),
    key(
        "when",
        Shape::Condition,
        "A condition on the inputs under which the call does it",
        "when: \"{{ inputs.notify }}\"",
    )
    .default("(always)"),
    key("counts_as", Shape::Text, "The word under which `budget` counts such a call", "counts_as: message")
        .default("(the name of the operation)"),
    key(
        "description",
        Shape::Text,
        "What happens, in a sentence for people",
        "description: A message goes to every signer",
    )
    .required(),
];

/// `undo`.
pub static UNDO: KeyMap = KeyMap {
    name: "undo",
    what: "`undo`",
    doc: "Names the call that takes a call back, for `runsheet undo`.",
    keys: &UNDO_KEYS,
    rules: &[],
    example: "{ operation: cancel, with: { id: \"{{ inputs.id }}\" } }",
};

const UNDO_KEYS: [Key; 3] = [
    key("operation", Shape::Text, "The operation of the same provider that takes it back", "operation: cancel")
        .required(),
    key(
        "when",
        Shape::Condition,
        "A condition on inputs and outputs; no operation takes other calls back",
        "when: \"{{ inputs.id }}\"",
    )
    .default("(every call)"),
    key(
        "with",
        Shape::AnyMap,
        "The inputs of that operation; names begin with `inputs` or `outputs`",
        "with: { id: \"{{ inputs.id }}\" }",
    ),
];
