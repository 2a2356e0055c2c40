//! A step and the maps inside it.

use crate::language::shape::{Key, KeyMap, Shape, Slot, WordDoc, key, word};
use crate::language::shape::{any_of, each, list, slot};

/// What the failure of a step means.
pub const ON_FAILURE: [WordDoc; 3] = [
    word("stop_row", "The row's other steps are not done, and what the row did is rolled back"),
    word("continue", "The row goes on with its next step and ends `partial`"),
    word("stop_run", "No further row is started, and the run stops"),
];

/// What a step of an open operation (`http.request`) may say of its repeat.
pub const REPEATS_OF_A_STEP: [WordDoc; 2] = [
    word("safe", "The call may be sent again after a lost answer"),
    word("never", "The call is never sent again; its outcome is unknown"),
];

const OPERATION_NAME: Shape = slot!(Slot::OperationName);
const INPUTS: Shape = slot!(Slot::Inputs, each!("INPUT", list!(Shape::Map(&EACH_ELEMENT), 0)));
const STEP_SETTINGS: Shape = slot!(Slot::StepSettings);

/// A step.
pub static STEP: KeyMap = KeyMap {
    name: "step",
    what: "a step",
    doc: "Makes one call, or one call for each element of a list.",
    keys: &STEP_KEYS,
    rules: &[],
    example: "id: call\nname: Ask the service\nuses: http.request\nwith:\n  method: GET\n  path: /status\ntimeout: 20s\n",
};

const STEP_KEYS: [Key; 16] = [
    key(
        "id",
        Shape::Matching("^[a-z][a-z0-9_]*$"),
        "The name in templates and row files: lower-case letters, digits and `_`, unique in the playbook",
        "id: call",
    )
    .required(),
    key("name", Shape::Text, "A name for people", "name: Create the appointment"),
    key(
        "uses",
        OPERATION_NAME,
        "The operation, as `provider.operation`; `runsheet operations` lists them",
        "uses: http.request",
    )
    .required(),
    key(
        "with",
        INPUTS,
        "The operation's inputs, under the vendor's own field names; a null is left out",
        "with: { method: GET, path: /status }",
    ),
    key(
        "when",
        Shape::Condition,
        "Does the step only if this holds; null, `false`, 0, an empty text and an empty list skip it",
        "when: \"{{ run.id }}\"",
    ),
    key(
        "for_each",
        Shape::Condition,
        "A list: the step makes one call for each element, in order, which templates see as `item`",
        "for_each: \"{{ split run.id '-' }}\"",
    ),
    key(
        "until",
        Shape::Map(&UNTIL),
        "Repeats a read until a condition holds",
        "until: { is: \"{{ steps.call.body.ready }}\", every: 2s, within: 2m }",
    ),
    key(
        "expect",
        any_of!(Shape::Condition, list!(Shape::Condition, 0)),
        "What must hold when the call has succeeded; otherwise the step fails",
        "expect: [\"{{ steps.call.body.ok }}\"]",
    ),
    key("on_failure", Shape::Words(&ON_FAILURE), "What the step's failure means", "on_failure: continue")
        .default("stop_row"),
    key(
        "rollback",
        Shape::Map(&ROLLBACK),
        "The call that takes the step back when a later step of the row fails; the last step is taken back first",
        "rollback: { uses: http.request, with: { method: DELETE, path: /status } }",
    ),
    key(
        "retry",
        Shape::Map(&RETRY),
        "How often and how fast a call is sent again, where the operation allows it",
        "retry: { attempts: 5, delay: 500ms, max_delay: 30s }",
    ),
    key("timeout", Shape::Duration, "How long one call may take", "timeout: 20s")
        .default("(that of the connection, or of the provider)"),
    key(
        "connection",
        Shape::Text,
        "The connection, where the settings have several for the provider",
        "connection: http",
    ),
    key(
        "settings",
        STEP_SETTINGS,
        "Settings of the connection that this step overrides; never credentials",
        "settings: {}",
    ),
    key(
        "repeat",
        Shape::Words(&REPEATS_OF_A_STEP),
        "What may follow a lost answer of an open operation such as `http.request`",
        "repeat: safe",
    )
    .default("(never)"),
    key("verify", Shape::Bool, "Reads the effect back", "verify: true")
        .not_built("Reading effects back (`verify`) is not built yet"),
];

/// `until`.
pub static UNTIL: KeyMap = KeyMap {
    name: "until",
    what: "`until`",
    doc: "Repeats a read until a condition holds.",
    keys: &UNTIL_KEYS,
    rules: &[],
    example: "{ is: \"{{ steps.call.body.ready }}\", every: 2s, within: 2m }",
};

const UNTIL_KEYS: [Key; 3] = [
    key(
        "is",
        Shape::Condition,
        "The condition; it sees the answer as `steps.ID.body`",
        "is: \"{{ steps.call.body.ready }}\"",
    )
    .required(),
    key("every", Shape::Duration, "The wait between two reads", "every: 2s").default("2s"),
    key("within", Shape::Duration, "The time after which the step fails", "within: 2m").default("2m"),
];

/// `retry`.
pub static RETRY: KeyMap = KeyMap {
    name: "retry",
    what: "`retry`",
    doc: "Says how often and how fast a call is sent again; the waits double up to the longest.",
    keys: &RETRY_KEYS,
    rules: &[],
    example: "{ attempts: 5, delay: 500ms, max_delay: 30s }",
};

const RETRY_KEYS: [Key; 3] = [
    key(
        "attempts",
        Shape::Count { least: 1, most: Some(100) },
        "The most requests for one call; 1 sends it once",
        "attempts: 5",
    )
    .default("5"),
    key("delay", Shape::Duration, "The first wait", "delay: 500ms").default("500ms"),
    key("max_delay", Shape::Duration, "The longest wait", "max_delay: 30s").default("30s"),
];

/// `rollback`.
pub static ROLLBACK: KeyMap = KeyMap {
    name: "rollback",
    what: "`rollback`",
    doc: "The call that takes a step back when a later step of the row fails.",
    keys: &ROLLBACK_KEYS,
    rules: &[],
    example: "{ uses: http.request, with: { method: DELETE, path: /status } }",
};

const ROLLBACK_KEYS: [Key; 4] = [
    key("uses", OPERATION_NAME, "The operation, as `provider.operation`", "uses: http.request").required(),
    key(
        "with",
        INPUTS,
        "The operation's inputs; they may use the step's own outputs",
        "with: { method: DELETE, path: /status }",
    ),
    key(
        "connection",
        Shape::Text,
        "The connection, where the settings have several for the provider",
        "connection: http",
    ),
    key("settings", STEP_SETTINGS, "Settings of the connection that the call overrides", "settings: {}"),
];

/// An element of a list in `with` that is repeated.
pub static EACH_ELEMENT: KeyMap = KeyMap {
    name: "each",
    what: "an element with `$each`",
    doc: "Stands in a list of `with` and is repeated for each element of another list; its other keys are the fields of each element.",
    keys: &EACH_KEYS,
    rules: &[],
    example: "{ $each: \"{{ row.customers }}\", customer_name: \"{{ item.name }}\" }",
};

const EACH_KEYS: [Key; 1] = [key(
    "$each",
    Shape::Condition,
    "The list; the other keys of the element are repeated for each of its elements, which templates see as `item`",
    "$each: \"{{ row.customers }}\"",
)
.required()];
