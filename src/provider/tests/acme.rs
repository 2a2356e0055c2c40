//! A made-up vendor that uses every feature of provider files.

use std::sync::{Arc, LazyLock};

use serde_json::json;

use crate::diagnostic::Diagnostics;
use crate::model::{Map, Time, Value};
use crate::provider::{Connection, Operation, ProviderFile, Registry};

pub(super) const PROVIDER: &str = r#"
title: Acme
base_url: https://api.acme.example
auth:
  scheme: login
  headers: { Authorization: "{{ settings.word }} {{ token.access_token }}", X-User: "{{ settings.user_id }}" }
  login:
    - credentials: [name, password]
      steps:
        - { operation: code, inputs: { name: "{{ credentials.name }}", password: "{{ credentials.password }}" } }
        - { operation: token, inputs: { code: "{{ token.code }}" } }
  expires: { seconds: expires_in }
  refresh_ahead: 100s
attempt_query: { trace: "{{ attempt.uuid }}" }
credentials:
  name: { description: The user }
  password: { description: His password }
  key: { description: A fixed token }
credential_sets:
  - { credentials: [key] }
  - { credentials: [name, password] }
settings:
  user_id: { required: true, description: Who acts }
  word: { default: acme, description: The word ahead of the token }
  region: { description: A header where given }
headers: { X-Region: "{{ settings.region }}" }
limits: { rate: 10/s, in_flight: 4 }
timeout: 20s
types:
  Id: { type: string, minLength: 4, maxLength: 4, pattern: "^[a-z0-9]*$", pattern_means: small letters and digits }
answer:
  success: { path: head.code, is: ["00", 1] }
  code: head.code
  message: head.text
  request_id: head.id
  otherwise: unknown
  codes:
    - { code: ["10", 2*], is: rejected }
    - { code: "28", is: warning }
    - { code: "29", is: unchanged }
    - { code: "42", is: throttled, gate: true, advice: Slow down. }
    - { code: "50", is: unknown, for_reads: unavailable }
    - { code: "60", is: refused }
    - { code: "0", message: "(?i)unauthorized", is: expired_token, gate: true }
    - { code: "0", is: rejected }
    - { code: http 404, is: rejected }
    - { code: http 503, is: unavailable, gate: true }
"#;

pub(super) const CREATE: &str = r#"
summary: Creates a thing
vendor_name: makeThing
effect: write
path: /v1/{{ settings.user_id }}/things
query: { lang: "{{ inputs.lang }}" }
body:
  head: { op: make, version: "1.0" }
  data: { user: "{{ settings.user_id }}", $inputs: all, tags: ["{{ inputs.lang }}", fixed] }
inputs:
  required: [num, owner, notify, size]
  properties:
    num: { $ref: Id }
    owner:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 1, sensitive: true }
        phone: { type: string, sensitive: true, pattern: "^[0-9]+$" }
    notify: { type: boolean, default: false }
    size: { type: integer, minimum: 1, maximum: 10 }
    weight: { type: number }
    kind: { type: string, enum: [normal, canceled] }
    at: { type: string, format: unix-seconds, ahead_of_now: true, required_when: '{{ eq inputs.kind "normal" }}' }
    until: { type: integer, format: unix-seconds, ahead_of_now: true }
    day: { type: string, format: date }
    moments:
      type: object
      properties:
        from: { type: integer, format: unix-millis, ahead_of_now: true }
        all: { type: array, items: { type: string, format: date-time, ahead_of_now: true } }
    people: { type: array, minItems: 1, maxItems: 2, items: { type: object, required: [id], properties: { id: { type: string } } } }
    remark: { type: string, spellings: { remarks: "Write `remark`." } }
    who: { type: string, widens_when_absent: everybody }
    old: { type: string, deprecated: Use `kind`. }
    extra: { type: any }
    lang: { type: string, in: named }
    page: { type: integer, in: query }
    trace_id: { type: string, in: header, wire_name: X-Trace }
outputs:
  id: { path: [data.id, id], type: string, required: true }
  count: { path: data.count, type: integer }
repeat:
  - { when: "{{ inputs.who }}", is: safe }
  - { is: lookup }
natural_key: [num, kind]
undo:
  operation: remove
  when: "{{ not inputs.notify }}"
  with: { id: "{{ outputs.id }}", why: "made {{ inputs.num }} by mistake", tags: ["{{ inputs.lang }}"] }
danger:
  - { kind: bills, counts_as: thing, description: Costs money }
  - { kind: notifies, when: "{{ inputs.notify }}", description: Tells people }
lookup:
  operation: list
  when: "{{ not inputs.who }}"
  inputs: { nums: ["{{ inputs.num }}"], since: "{{ intent.unix }}" }
  find: { in: data.things, where: { num: "{{ inputs.num }}" } }
  took_effect: "{{ eq match.size inputs.size }}"
  outputs: { id: "{{ match.id }}" }
  conclusive: true
  settle: 3s
  batch: { input: nums, max: 50, matches: num }
limits: { rate: 2/s }
examples:
  - name: The least
    connection: { settings: { user_id: u1 } }
    with: { num: a1b2, owner: { name: n }, size: 3 }
    request:
      path: /v1/u1/things
      body:
        head: { op: make, version: "1.0" }
        data: { user: u1, num: a1b2, owner: { name: n }, notify: false, size: 3, tags: [fixed] }
    answers:
      - { body: { head: { code: "00" }, data: { id: 7 } }, is: succeeded, outputs: { id: "7", count: null } }
"#;

pub(super) const REMOVE: &str = r#"
summary: Removes a thing
vendor_name: removeThing
effect: write
path: /v1/remove
inputs:
  required: [id]
  properties:
    id: { type: string, minLength: 1 }
    why: { type: string }
    tags: { type: array, items: { type: string } }
repeat: safe
examples:
  - name: One
    connection: { settings: { user_id: u1 } }
    with: { id: "7" }
    request: { path: /v1/remove, body: { id: "7" } }
    answers: [{ body: { head: { code: 1 } }, is: succeeded }]
"#;

pub(super) const LIST: &str = r#"
summary: Lists things
vendor_name: listThings
effect: read
path: /v1/list
inputs:
  required: [nums]
  properties:
    nums: { type: array, maxItems: 50, items: { $ref: Id } }
    since: { type: integer }
outputs: { things: { path: data.things, type: array, required: true } }
examples:
  - name: One
    connection: { settings: { user_id: u1 } }
    with: { nums: [a1b2] }
    request: { path: /v1/list, body: { nums: [a1b2] } }
    answers: [{ body: { head: { code: 1 }, data: { things: [] } }, is: succeeded }]
"#;

pub(super) const CODE: &str = r#"
summary: Fetches a code
vendor_name: code
internal: true
effect: read
auth: none
path: /code
inputs:
  required: [name, password]
  properties:
    name: { type: string, minLength: 1 }
    password: { type: string, in: header, wire_name: X-Password, minLength: 5, sensitive: true }
outputs: { code: { path: data.code, type: string, required: true } }
examples:
  - name: A code
    with: { name: n, password: secret }
    request: { path: /code, headers: { X-Password: secret }, body: { name: n } }
    answers: [{ body: { head: { code: 1 }, data: { code: c } }, is: succeeded }]
"#;

pub(super) const TOKEN: &str = r#"
summary: Turns a code into a token
vendor_name: token
internal: true
effect: read
auth: none
path: /token
inputs: { required: [code], properties: { code: { type: string } } }
outputs:
  access_token: { path: data.token, type: string, required: true }
  expires_in: { path: data.seconds, type: integer }
examples:
  - name: A token
    with: { code: c }
    request: { path: /token, body: { code: c } }
    answers: [{ body: { head: { code: 1 }, data: { token: t, seconds: "60" } }, is: succeeded }]
"#;

/// The vendor's files, with pieces of text replaced.
pub(super) fn files(changes: &[(&str, &str)]) -> Vec<ProviderFile> {
    let all = [
        ("provider", PROVIDER),
        ("create", CREATE),
        ("remove", REMOVE),
        ("list", LIST),
        ("code", CODE),
        ("token", TOKEN),
    ];
    for (from, _) in changes {
        assert!(all.iter().any(|(_, text)| text.contains(from)), "nothing reads `{from}`");
    }
    let changed = |text: &str| changes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    all.iter().map(|(name, text)| ProviderFile { path: format!("acme/{name}.yaml"), text: changed(text) }).collect()
}

/// The registry of the vendor.
pub(super) fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| changed_registry(&[]));
    &REGISTRY
}

/// The registry of the vendor's files, with pieces of text replaced.
pub(super) fn changed_registry(changes: &[(&str, &str)]) -> Registry {
    let mut diagnostics = Diagnostics::new();
    let registry = Registry::from_files(files(changes), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", diagnostics.render(false, 120));
    registry.unwrap()
}

pub(super) fn operation(name: &str) -> Arc<Operation> {
    Arc::clone(registry().operation_of("acme", name).unwrap())
}

pub(super) fn connection() -> Connection {
    Connection {
        name: "acme".into(),
        provider: "acme".into(),
        settings: map(json!({"user_id": "u1"})),
        ..Connection::default()
    }
}

pub(super) const NOW: Time = Time::from_secs(1_700_000_000);

pub(super) fn map(value: Value) -> Map {
    value.as_object().cloned().unwrap()
}

/// Inputs that nothing is wrong with, and changes to them.
pub(super) fn inputs(changes: Value) -> Map {
    let mut inputs = map(json!({"num": "a1b2", "owner": {"name": "n"}, "size": 3}));
    inputs.extend(map(changes));
    inputs
}

#[test]
fn the_files_and_examples_of_acme_are_valid() {
    let registry = registry();
    let all = registry.operations().chain(registry.internal_operations());
    let failures: Vec<String> = all.flat_map(|operation| operation.example_failures()).collect();
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn a_wrong_example_is_found() {
    for (from, to) in [
        ("path: /v1/u1/things", "path: /v1/u2/things"),
        ("version: \"1.0\" }\n        data: { user: u1, num", "version: \"1.1\" }\n        data: { user: u1, num"),
        ("num: a1b2, owner: { name: n }, notify: false", "owner: { name: n }, num: a1b2, notify: false"),
        ("is: succeeded, outputs: { id: \"7\"", "is: rejected, outputs: { id: \"7\""),
        ("outputs: { id: \"7\"", "outputs: { id: \"8\""),
        ("with: { num: a1b2,", "with: { num: A1B2,"),
        ("headers: { X-Password: secret }", "headers: { X-Password: other }"),
    ] {
        let registry = changed_registry(&[(from, to)]);
        let all = registry.operations().chain(registry.internal_operations());
        let failures: Vec<String> = all.flat_map(|operation| operation.example_failures()).collect();
        assert_eq!(failures.len(), 1, "{to}: {failures:?}");
    }
}
