//! A small vendor, plans over it and its answers, for the tests of this floor.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;

use super::CallResult;
use crate::diagnostic::{Diagnostics, Source};
use crate::journal::FrozenRow;
use crate::model::{Limits, Map, Response, RunId, SendError, Time, Value};
use crate::plan::{Binding, Plan, bind, resolve_vars, undo_plan};
use crate::playbook;
use crate::provider::{Connection, ProviderFile, Registry};
use crate::settings::Environment;

/// The vendor. Its body says `ok: true` where a call succeeded, and otherwise a code.
const PROVIDER: &str = r#"
title: A vendor for tests
base_url: http://127.0.0.1:1
auth: { scheme: none }
answer:
  success: { path: ok, is: [true] }
  code: code
  message: message
  request_id: request
  codes:
    - { code: warned, is: warning, means: Done with a warning }
    - { code: already, is: unchanged, means: It was so already }
    - { code: no, is: rejected, means: Rejected }
    - { code: closed, is: refused, means: The account may not call, advice: Ask the vendor. }
    - { code: used_up, is: quota_exhausted, means: No calls are left today }
    - { code: old_token, is: expired_token, gate: true, means: The token has run out }
    - { code: slow_down, is: throttled, gate: true, means: Too many calls }
    - { code: busy, is: unavailable, gate: true, means: Not now }
    - { code: unsure, is: unknown, means: It may have acted }
"#;

/// Its operations: name, inputs of an example, and the rest of its file.
///
/// - `make`: a write that must not be repeated, with a natural key, an `undo` and a required output;
/// - `put`: a write that may be repeated;
/// - `sign`: a write whose lost answer a conclusive lookup settles, several in one read;
/// - `post`: the same, but the lookup cannot prove that nothing happened;
/// - `unmake`: takes `make` back, and may be repeated;
/// - `unsign`: takes `sign` back, and must not be repeated;
/// - `ask`: an operation whose inputs decide whether a call writes, with a sensitive input and an `undo`;
/// - `unask`: undoes `ask`, with a sensitive input;
/// - `get`: a read; `states`: the read that the lookups use.
const OPERATIONS: [(&str, &str, &str); 10] = [
    (
        "make",
        "{ name: Ann }",
        r#"
effect: write
repeat: never
natural_key: [name]
inputs: { required: [name], properties: { name: { type: string }, before: { type: string, format: unix-seconds, ahead_of_now: true } } }
outputs: { num: { path: num, required: true } }
undo: { operation: unmake, with: { num: "{{ outputs.num }}" } }
danger: [{ kind: notifies, counts_as: notice, description: Tells people }]
"#,
    ),
    (
        "put",
        "{ name: Ann }",
        r#"
effect: write
repeat: safe
inputs: { required: [name], properties: { name: { type: string } } }
outputs: { num: { path: num } }
danger: [{ kind: signs, counts_as: signature, description: Signs }]
"#,
    ),
    (
        "sign",
        "{ id: a1 }",
        r#"
effect: write
repeat: lookup
inputs: { required: [id], properties: { id: { type: string } } }
outputs: { state: { path: state, required: true } }
lookup:
  operation: states
  inputs: { ids: ["{{ inputs.id }}"] }
  find: { in: list, where: { id: "{{ inputs.id }}" } }
  took_effect: '{{ eq match.state "signed" }}'
  outputs: { state: "{{ match.seal }}" }
  conclusive: true
  settle: 5s
  batch: { input: ids, max: 3, matches: id }
danger: [{ kind: signs, counts_as: signature, description: Signs }]
"#,
    ),
    (
        "post",
        "{ id: a1 }",
        r#"
effect: write
repeat: lookup
inputs: { required: [id], properties: { id: { type: string } } }
lookup:
  operation: states
  inputs: { ids: ["{{ inputs.id }}"] }
  find: { in: list, where: { id: "{{ inputs.id }}" } }
  took_effect: '{{ eq match.state "posted" }}'
  conclusive: false
  settle: 2s
danger: [{ kind: notifies, counts_as: notice, description: Tells people }]
"#,
    ),
    (
        "unmake",
        "{ num: n1 }",
        r#"
effect: write
repeat: safe
inputs: { required: [num], properties: { num: { type: string } } }
"#,
    ),
    (
        "unsign",
        "{ id: a1 }",
        r#"
effect: write
repeat: never
inputs: { required: [id], properties: { id: { type: string } } }
"#,
    ),
    (
        "ask",
        "{ mode: dry, secret: Ann Lee }",
        r#"
effect: write
repeat: never
reads_when: '{{ eq inputs.mode "dry" }}'
inputs: { required: [mode], properties: { mode: { type: string }, secret: { type: string, sensitive: true }, day: { type: string, format: unix-seconds } } }
undo: { operation: unask, with: { secret: "{{ inputs.secret }}" } }
"#,
    ),
    (
        "unask",
        "{ secret: Ann Lee }",
        r#"
effect: write
repeat: safe
inputs: { required: [secret], properties: { secret: { type: string, sensitive: true } } }
"#,
    ),
    (
        "get",
        "{ id: a1 }",
        r#"
effect: read
inputs: { required: [id], properties: { id: { type: string } } }
outputs: { state: { path: state } }
"#,
    ),
    (
        "states",
        "{ ids: [a1] }",
        r#"
effect: read
inputs: { required: [ids], properties: { ids: { type: array, items: { type: string } } } }
"#,
    ),
];

/// The columns of every row: texts, and `tags`, a list.
const COLUMNS: [&str; 4] = ["id", "name", "go", "tags"];

/// The instant at which tests begin.
pub(in crate::engine) const START: Time = Time::from_secs(1_800_000_000);

fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        let file = |path: String, text: String| ProviderFile { path, text };
        let operation = |(name, with, text): &(&str, &str, &str)| {
            let head = format!("summary: For tests\nvendor_name: {name}\npath: /{name}\n");
            let request = format!("request: {{ path: /{name}, body: {with} }}");
            let answer = "{ body: { ok: true, num: n1, state: signed }, is: succeeded }";
            let examples = format!("examples: [{{ name: One, with: {with}, {request}, answers: [{answer}] }}]\n");
            file(format!("probe/{name}.yaml"), format!("{head}{}{examples}", text.trim_start()))
        };
        let provider = file("probe/provider.yaml".to_owned(), PROVIDER.trim_start().to_owned());
        let files = std::iter::once(provider).chain(OPERATIONS.iter().map(operation)).collect();
        let mut diagnostics = Diagnostics::new();
        let registry = Registry::from_files(files, &mut diagnostics);
        registry.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 160)))
    });
    &REGISTRY
}

/// The plan of a playbook over the vendor's connection `probe`. `rest` is what follows its name and its rows.
///
/// # Panics
/// Where the playbook has a mistake.
pub(in crate::engine) fn plan(rest: &str) -> Plan {
    let head =
        "name: Test\nrows:\n  from: rows.csv\n  key: id\n  columns: { tags: { type: list }, go: { optional: true } }\n";
    let source = Source::new("playbook.yaml", format!("{head}{rest}"));
    let mut diagnostics = Diagnostics::new();
    let playbook = playbook::read(&source, &mut diagnostics);
    let playbook = playbook.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)));
    let connection = Connection {
        name: "probe".to_owned(),
        provider: "probe".to_owned(),
        base_url: Some("http://127.0.0.1:1".to_owned()),
        limits: Limits::default(),
        ..Connection::default()
    };
    let environment = Environment { name: "test".to_owned(), connections: vec![connection], ..Environment::default() };
    let binding = Binding {
        playbook: &playbook,
        registry: registry(),
        environment,
        vars: resolve_vars(&playbook.vars, &BTreeMap::new(), &source, &mut diagnostics),
        columns: Some(&COLUMNS.map(str::to_owned)),
        run: object(&[("id", "run-1".into())]),
    };
    bind(binding, &mut diagnostics).unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))
}

/// The plan that takes back what the run `of` did under a playbook.
pub(in crate::engine) fn undo_plan_of(rest: &str, of: RunId) -> Plan {
    undo_plan(plan(rest), registry(), of)
}

/// An object of named values.
pub(in crate::engine) fn object(fields: &[(&str, Value)]) -> Map {
    fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// A row's cells: `id` and `name` are made of its number, `go` is `yes`, `tags` are `x` and `y`.
pub(in crate::engine) fn cells(number: u64) -> Map {
    let tags = Value::Array(vec!["x".into(), "y".into()]);
    object(&[
        ("id", format!("a{number}").into()),
        ("name", format!("Ann {number}").into()),
        ("go", "yes".into()),
        ("tags", tags),
    ])
}

/// A row as a run's journal keeps it.
#[allow(dead_code, reason = "for tests of the scheduler")]
pub(in crate::engine) fn row(position: u64) -> FrozenRow {
    let cells = cells(position);
    FrozenRow { position, number: position + 2, key: format!("a{position}"), raw: Bytes::new(), cells, invalid: None }
}

/// An answer of the vendor with this status, body and headers.
pub(in crate::engine) fn answer_with(status: u16, body: &str, headers: &[(&str, &str)]) -> CallResult {
    let mut all = BTreeMap::from([("content-type", "application/json")]);
    all.extend(headers.iter().copied());
    let headers = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    CallResult::Answered(Response { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) })
}

/// An answer that says that the call succeeded; `fields` is the rest of its body, such as `"num": "n1"`.
pub(in crate::engine) fn done(fields: &str) -> CallResult {
    let comma = if fields.is_empty() { "" } else { ", " };
    answer_with(200, &format!("{{\"ok\": true{comma}{fields}}}"), &[])
}

/// What `make`, `put` and `sign` answer where they succeed.
pub(in crate::engine) fn made(num: &str) -> CallResult {
    done(&format!("\"num\": \"{num}\", \"state\": \"signed\""))
}

/// An answer with a code of the vendor's table.
pub(in crate::engine) fn code(code: &str) -> CallResult {
    let body = format!(
        "{{\"ok\": false, \"code\": \"{code}\", \"message\": \"the vendor said {code}\", \"request\": \"q1\"}}"
    );
    answer_with(200, &body, &[])
}

/// A refusal for pace that asks to wait.
pub(in crate::engine) fn throttled(seconds: u64) -> CallResult {
    answer_with(200, "{\"ok\": false, \"code\": \"slow_down\"}", &[("retry-after", &seconds.to_string())])
}

/// A call that may have arrived and that was not answered.
pub(in crate::engine) fn no_answer() -> CallResult {
    CallResult::Failed(SendError::NoAnswer("timed out".to_owned()))
}

/// A call that never reached the vendor.
pub(in crate::engine) fn not_sent() -> CallResult {
    CallResult::Failed(SendError::NotSent("connection refused".to_owned()))
}

/// The answer of `states`: an id and its state for each call that it knows, with the seal of those that are signed.
pub(in crate::engine) fn states(known: &[(&str, &str)]) -> CallResult {
    let list =
        known.iter().map(|(id, state)| format!("{{\"id\": \"{id}\", \"state\": \"{state}\", \"seal\": \"s-{id}\"}}"));
    done(&format!("\"list\": [{}]", list.collect::<Vec<_>>().join(", ")))
}
