//! The keys of a test file, `NAME.test.yaml` beside `NAME.yaml`.

use super::shape::{Key, KeyMap, Rule, Shape, Slot, WordDoc, key, word};
use super::words::{DISPOSITIONS, METHODS, ROW_OUTCOMES};
use crate::language::shape::{any_of, each, list, slot};

/// The version of test files.
pub const TEST_FILE_VERSION: u64 = 1;

const INSTANT: Shape = Shape::Matching("^[0-9]{4}-.*(Z|z|[-+][0-9:]+|\\])$");
const CELLS: Shape = list!(Shape::AnyMap, 0);
const VARS: Shape = each!("VAR", Shape::Any);

/// A test file.
pub static TEST_FILE: KeyMap = KeyMap {
    name: "test_file",
    what: "a test file",
    doc: "Gives rows and answers for a playbook, and says which requests and outcomes must follow; nothing is sent.",
    keys: &TEST_FILE_KEYS,
    rules: &[],
    example: "tests:\n  - { name: One call, expect: { requests: [{ step: call }] } }\n",
};

const TEST_FILE_KEYS: [Key; 6] = [
    key("version", Shape::Version(TEST_FILE_VERSION), "The version of test files", "version: 1").default("1"),
    key("playbook", Shape::Text, "The playbook, named from the test file's folder", "playbook: playbook.yaml")
        .default("(the playbook that has the test file's name)"),
    key(
        "environment",
        Shape::Text,
        "The environment whose connections the tests use; no credentials are read",
        "environment: sandbox",
    )
    .default("(the built-in sandbox)"),
    key("now", INSTANT, "When every run begins", "now: 2030-01-31T09:00:00+08:00").default("2030-01-01T00:00:00Z"),
    key("vars", VARS, "Variables for all tests", "vars: {}"),
    key(
        "tests",
        list!(Shape::Map(&TEST), 1),
        "The tests",
        "tests: [{ name: One call, expect: { requests: [{ step: call }] } }]",
    )
    .required(),
];

/// A test.
pub static TEST: KeyMap = KeyMap {
    name: "test",
    what: "a test",
    doc: "One run of the playbook with given rows and answers, and what must follow.",
    keys: &TEST_KEYS,
    rules: &[],
    example: "{ name: One call, answers: [{ body: { ok: true } }], expect: { outcome: succeeded } }",
};

const TEST_KEYS: [Key; 8] = [
    key("name", Shape::Text, "What the test shows; unique in the file", "name: One call").required(),
    key("now", INSTANT, "When the run begins", "now: 2030-01-31T09:00:00+08:00").default("(that of the file)"),
    key("vars", VARS, "Variables of this run, over those of the file", "vars: {}"),
    key(
        "rows",
        any_of!(CELLS, Shape::Text, Shape::Map(&TEST_ROWS)),
        "The rows themselves as a list of maps, a file beside the test, or some of the playbook's own rows",
        "rows: [{ id: A-1 }]",
    )
    .default("(the playbook's own)"),
    key(
        "lists",
        each!("LIST", any_of!(CELLS, Shape::Text)),
        "Rows of lists, in place of the playbook's own files",
        "lists: { customers: [{ id: A-1, name: Mei }] }",
    ),
    key(
        "answers",
        list!(Shape::Map(&TEST_ANSWER), 0),
        "What the vendors answer; each answer serves the first request that it fits",
        "answers: [{ to: call, body: { ok: true } }]",
    ),
    key(
        "sandbox",
        any_of!(Shape::Bool, Shape::Map(&TEST_SANDBOX)),
        "Whether the simulators answer requests that no answer fits",
        "sandbox: false",
    )
    .default("false"),
    key(
        "expect",
        Shape::Map(&EXPECT),
        "What must follow; parts that are not written may be anything",
        "expect: { outcome: succeeded }",
    )
    .required(),
];

/// `rows` of a test, as a map.
pub static TEST_ROWS: KeyMap = KeyMap {
    name: "test_rows",
    what: "`rows`",
    doc: "Chooses rows of a file.",
    keys: &TEST_ROWS_KEYS,
    rules: &[],
    example: "{ from: rows.csv, only: [A-1] }",
};

const TEST_ROWS_KEYS: [Key; 2] = [
    key("from", Shape::Text, "A file beside the test", "from: rows.csv").default("(the playbook's own)"),
    key("only", list!(Shape::Text, 0), "The keys of the rows to use", "only: [A-1]").default("(all rows)"),
];

/// `sandbox` of a test, as a map.
pub static TEST_SANDBOX: KeyMap = KeyMap {
    name: "test_sandbox",
    what: "`sandbox`",
    doc: "Lets the simulators answer, with trouble.",
    keys: &TEST_SANDBOX_KEYS,
    rules: &[],
    example: "{ faults: \"lose=10%,seed=7\" }",
};

const TEST_SANDBOX_KEYS: [Key; 1] = [key(
    "faults",
    Shape::Matching(""),
    "The trouble to make; `runsheet sandbox --help` lists the faults",
    "faults: \"lose=10%,refuse=5%,seed=7\"",
)];

/// An answer of a test.
pub static TEST_ANSWER: KeyMap = KeyMap {
    name: "test_answer",
    what: "an answer",
    doc: "What comes back: `body` or `text` with `status` and `headers`, or one of `like`, `lost` and `unsent`.",
    keys: &TEST_ANSWER_KEYS,
    rules: &[],
    example: "{ to: call, status: 200, body: { ok: true } }",
};

const TEST_ANSWER_KEYS: [Key; 10] = [
    key(
        "to",
        any_of!(Shape::Text, Shape::Map(&TEST_REQUEST)),
        "The requests that it answers: a step's id, or a description",
        "to: call",
    )
    .default("(any request)"),
    key("status", Shape::Count { least: 100, most: Some(599) }, "The HTTP status", "status: 200").default("200"),
    key("headers", each!("HEADER", Shape::Text), "Headers of the answer", "headers: { retry-after: 3 }"),
    key("body", Shape::Any, "The body, as JSON", "body: { ok: true }").null_is_a_value(),
    key("text", Shape::Text, "The body, as text", "text: busy").of("body: null"),
    key(
        "like",
        Shape::Words(&DISPOSITIONS),
        "Takes the first of the operation's own examples that means this",
        "like: throttled",
    )
    .of("{ body: null, status: null }"),
    key("lost", Shape::Bool, "The vendor gets the request, and its answer is lost", "lost: true")
        .of("{ body: null, status: null }")
        .default("false"),
    key("unsent", Shape::Bool, "The vendor never gets the request", "unsent: true")
        .of("{ body: null, status: null }")
        .default("false"),
    key("takes", Shape::Duration, "How long the answer takes", "takes: 50ms").default("50ms"),
    key(
        "times",
        any_of!(Shape::Count { least: 1, most: None }, Shape::Words(&[word("any", "Any number, including none")])),
        "How many requests it answers",
        "times: 1",
    )
    .default("1"),
];

/// The words for what a request is for.
pub const REQUEST_KINDS: [WordDoc; 4] = [
    word("call", "A step's call"),
    word("lookup", "A read that finds out whether a call took effect"),
    word("rollback", "A call that takes a step back"),
    word("any", "Any of them"),
];

/// The description of a request.
pub static TEST_REQUEST: KeyMap = KeyMap {
    name: "test_request",
    what: "a request",
    doc: "Describes a request; parts that are not written may be anything.",
    keys: &TEST_REQUEST_KEYS,
    rules: &[],
    example: "{ step: call, method: GET, path: /status }",
};

const TEST_REQUEST_KEYS: [Key; 10] = [
    key("step", Shape::Text, "The step's id", "step: call"),
    key("row", Shape::Text, "The row's key", "row: A-1"),
    key("item", Shape::Count { least: 0, most: None }, "The element of `for_each`, counted from 0", "item: 0"),
    key("operation", slot!(Slot::TestOperation), "The operation", "operation: http.request"),
    key("kind", Shape::Words(&REQUEST_KINDS), "What the request is for", "kind: call").default("call"),
    key("method", Shape::Words(&METHODS), "The HTTP method", "method: GET"),
    key("path", Shape::Text, "The path; with its query where one is written", "path: /status"),
    key(
        "headers",
        each!("HEADER", Shape::Text),
        "Headers; null for one that must not be there",
        "headers: { accept: application/json }",
    ),
    key(
        "body",
        Shape::Any,
        "The body; of maps only the written keys are compared, and null means that nothing is sent",
        "body: null",
    )
    .null_is_a_value(),
    key("exact", Shape::Bool, "Whether the body has nothing but the written keys", "exact: false").default("false"),
];

/// How the run of a test ends.
pub const EXPECTED_RUN_OUTCOMES: [WordDoc; 5] = [
    word("succeeded", "Every row succeeded, was unchanged or was skipped"),
    word("failed", "The run finished, and some rows failed or are partial"),
    word("unknown", "Some rows are unknown"),
    word("stopped", "The run stopped early and can be resumed"),
    word("refused", "The vendor refused credentials, permission or quota for the whole run"),
];

/// `expect`.
pub static EXPECT: KeyMap = KeyMap {
    name: "expect",
    what: "`expect`",
    doc: "What must follow; at least one key.",
    keys: &EXPECT_KEYS,
    rules: &[Rule { doc: "At least one key is given", schema: r#"{"minProperties": 1}"# }],
    example: "{ requests: [{ step: call }], outcome: succeeded }",
};

const EXPECT_KEYS: [Key; 6] = [
    key(
        "requests",
        any_of!(
            list!(any_of!(Shape::Text, Shape::Map(&TEST_REQUEST)), 0),
            Shape::Words(&[word("none", "No request is sent")])
        ),
        "All requests, row by row in the order of the rows, or `none`",
        "requests: [{ step: call, path: /status }]",
    )
    .null_refused(),
    key(
        "rows",
        each!("ROW", any_of!(Shape::Words(&ROW_OUTCOMES), Shape::Map(&EXPECTED_ROW))),
        "How rows end, by their keys",
        "rows: { A-1: succeeded }",
    ),
    key(
        "counts",
        Shape::Map(&EXPECTED_COUNTS),
        "How many rows end with each outcome; `total` counts all rows",
        "counts: { succeeded: 1, total: 1 }",
    ),
    key("outcome", Shape::Words(&EXPECTED_RUN_OUTCOMES), "How the run ends", "outcome: succeeded"),
    key("stopped", Shape::Text, "Words of the reason why the run stops early", "stopped: unknown"),
    key(
        "diagnostics",
        any_of!(Shape::Matching("^[a-z]+(-[a-z]+)+$"), list!(Shape::Matching("^[a-z]+(-[a-z]+)+$"), 0)),
        "The codes of the errors that refuse the run before anything is sent",
        "diagnostics: blank-cell",
    )
    .of("outcome: null"),
];

/// `counts` of `expect`.
pub static EXPECTED_COUNTS: KeyMap = KeyMap {
    name: "expected_counts",
    what: "`counts`",
    doc: "How many rows end with each outcome; outcomes that are not written may have any number.",
    keys: &EXPECTED_COUNTS_KEYS,
    rules: &[],
    example: "{ succeeded: 38, failed: 2, total: 40 }",
};

const ROW_COUNT: Shape = Shape::Count { least: 0, most: None };
const EXPECTED_COUNTS_KEYS: [Key; 8] = [
    key("total", ROW_COUNT, "All rows", "total: 40"),
    key("unknown", ROW_COUNT, "Rows whose outcome is unknown", "unknown: 0"),
    key("partial", ROW_COUNT, "Rows of which only a part was done", "partial: 0"),
    key("failed", ROW_COUNT, "Rows that failed", "failed: 2"),
    key("not_started", ROW_COUNT, "Rows of which no call was sent", "not_started: 0"),
    key("succeeded", ROW_COUNT, "Rows that succeeded", "succeeded: 38"),
    key("unchanged", ROW_COUNT, "Rows that were already as wanted", "unchanged: 0"),
    key("skipped", ROW_COUNT, "Rows that the playbook left out", "skipped: 0"),
];

/// How a row ends.
pub static EXPECTED_ROW: KeyMap = KeyMap {
    name: "expected_row",
    what: "an expected row",
    doc: "How a row ends; parts that are not written may be anything.",
    keys: &EXPECTED_ROW_KEYS,
    rules: &[],
    example: "{ outcome: failed, step: call, code: Busy }",
};

const EXPECTED_ROW_KEYS: [Key; 6] = [
    key("outcome", Shape::Words(&ROW_OUTCOMES), "The row's outcome", "outcome: failed"),
    key("step", Shape::Text, "The step that decided it", "step: call"),
    key("code", Shape::Text, "The vendor's code, or runsheet's own", "code: Busy"),
    key("message", Shape::Text, "Words of the message", "message: busy"),
    key(
        "attempts",
        Shape::Count { least: 0, most: None },
        "How many requests were sent for the row's steps and rollbacks; lookups are not counted",
        "attempts: 2",
    ),
    key("results", each!("RESULT", Shape::Any), "Columns of the playbook's `results`", "results: { answer: ok }"),
];
