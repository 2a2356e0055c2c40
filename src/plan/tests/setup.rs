//! A made-up shop, playbooks bound against it, and rows checked without a file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::json;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, Span};
use crate::model::{Map, Time, Value};
use crate::plan::{Binding, CheckedRow, InputsWanted, Plan, RowCells, RowCheck, bind, resolve_vars};
use crate::playbook::{self, Playbook};
use crate::provider::{Connection, ProviderFile, Registry};
use crate::settings::Environment;

pub(super) const NOW: Time = Time::from_secs(1_790_000_000);

const SHOP: &str = r#"
title: Shop
base_url: https://shop.example/v1
auth: { scheme: none }
settings:
  desk: { required: true, description: Who acts }
  lang: { default: en, description: The language of answers }
headers: { X-Desk: "{{ settings.desk }}" }
limits: { rate: 2/s, in_flight: 3 }
quota: { calls: 1000, resets: UTC }
answer: { success: { path: ok, is: [true] } }
"#;

/// Creates a thing with a natural key, two countable effects, an undo and a lookup.
const CREATE: &str = r#"
summary: Creates a thing
vendor_name: create
effect: write
path: /things
inputs:
  required: [num]
  properties:
    num: { type: string, minLength: 1 }
    note: { type: string, spellings: { remark: "Write `note`." } }
    phone: { type: string, sensitive: true }
    notify: { type: boolean, default: false }
    mail: { type: boolean, default: false }
    size: { type: integer }
    few: { type: integer, maximum: 9 }
    short: { type: string, maxLength: 5 }
    when: { type: string, format: unix-seconds }
    any: { type: any }
    names: { type: array, items: { type: string } }
    people: { type: array, items: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer } } } }
    place: { type: object, properties: { road: { type: string }, number: { type: integer } } }
outputs:
  id: { path: id, type: string, required: true }
  mark: { path: mark, type: string }
  pin: { path: pin, type: string, sensitive: true }
repeat: [{ when: "{{ inputs.notify }}", is: safe }, { is: lookup }]
natural_key: [num]
undo: { operation: remove, with: { id: "{{ outputs.id }}" } }
danger:
  - { kind: notifies, when: "{{ inputs.notify }}", counts_as: notice, description: Tells people }
  - { kind: notifies, when: "{{ inputs.mail }}", counts_as: letter, description: Writes to people }
  - { kind: bills, when: "{{ inputs.mail }}", counts_as: letter, description: Costs money }
lookup:
  operation: list
  inputs: { num: "{{ inputs.num }}" }
  find: { in: things, where: { num: "{{ inputs.num }}" } }
  took_effect: "{{ match.num }}"
  outputs: { id: "{{ match.id }}" }
quota: { calls: 50, resets: UTC }
limits: { rate: 1/s }
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { num: a }
    request: { path: /v1/things, body: { num: a, notify: false, mail: false } }
    answers: [{ body: { ok: true, id: "1" }, is: succeeded, outputs: { id: "1" } }]
"#;

const REMOVE: &str = r#"
summary: Removes a thing
vendor_name: remove
effect: write
path: "/things/{{ inputs.id }}/remove"
inputs: { required: [id], properties: { id: { type: string, in: named }, why: { type: string } } }
repeat: safe
lookup:
  operation: list
  inputs: { num: "{{ inputs.id }}" }
  find: { in: things, where: { id: "{{ inputs.id }}" } }
  took_effect: "{{ match.gone }}"
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { id: a }
    request: { path: /v1/things/a/remove, body: {} }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

const LIST: &str = r#"
summary: Lists things
vendor_name: list
effect: read
path: /list
inputs: { properties: { num: { type: string } } }
outputs: { things: { path: things, type: any } }
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { num: a }
    request: { path: /v1/list, body: { num: a } }
    answers: [{ body: { ok: true, things: [] }, is: succeeded, outputs: { things: [] } }]
"#;

/// Sends a text; nothing identifies the call but its request, and nothing takes it back.
const SEND: &str = r#"
summary: Sends a text
vendor_name: send
effect: write
path: "/send/{{ inputs.to }}"
query: { lang: "{{ inputs.lang }}" }
inputs:
  required: [to]
  properties:
    to: { type: string, in: named }
    lang: { type: string, in: named }
    text: { type: string }
repeat: never
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { to: a, lang: en, text: b }
    request: { path: "/v1/send/a?lang=en", body: { text: b } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

/// Closes a desk; the operation that takes it back has no path unless the connection gives one.
const CLOSE: &str = r#"
summary: Closes the desk
vendor_name: close
effect: write
path: /close
inputs: { properties: { desk: { type: string } } }
repeat: never
undo: { operation: reopen, with: { desk: "{{ inputs.desk }}" } }
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { desk: a }
    request: { path: /v1/close, body: { desk: a } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

const REOPEN: &str = r#"
summary: Opens the desk again
vendor_name: reopen
effect: write
path: null
inputs: { properties: { desk: { type: string } } }
repeat: never
examples:
  - name: One
    connection: { settings: { desk: front }, operations: { reopen: { path: /reopen } } }
    with: { desk: a }
    request: { path: /v1/reopen, body: { desk: a } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

/// Has sensitive inputs of every shape, and no default or sensitive output.
const TAG: &str = r#"
summary: Tags a person
vendor_name: tag
effect: write
path: /tag
inputs:
  properties:
    label: { type: string }
    labels: { type: array, items: { type: object, properties: { text: { type: string } } } }
    when: { type: string, format: unix-seconds }
    anything: { type: any }
    secret: { type: string, sensitive: true }
    born: { type: string, format: date, sensitive: true }
    person: { type: object, properties: { name: { type: string, sensitive: true }, age: { type: string } } }
    people: { type: array, items: { type: object, properties: { name: { type: string, sensitive: true }, age: { type: string } } } }
repeat: never
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { label: a }
    request: { path: /v1/tag, body: { label: a } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

/// Gives its sensitive input a value by itself.
const SIGN: &str = r#"
summary: Signs for a person
vendor_name: sign
effect: write
path: /sign
inputs: { properties: { label: { type: string }, by: { type: string, sensitive: true, default: Anneliese } } }
repeat: never
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { label: a }
    request: { path: /v1/sign, body: { label: a, by: Anneliese } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

/// Gives a part of its sensitive object a value by itself.
const BOOK: &str = r#"
summary: Books for a person
vendor_name: book
effect: write
path: /book
inputs: { properties: { who: { type: object, sensitive: true, properties: { name: { type: string }, title: { type: string, default: Doctor } } } } }
repeat: never
examples:
  - name: One
    connection: { settings: { desk: front } }
    with: { who: { name: a } }
    request: { path: /v1/book, body: { who: { name: a, title: Doctor } } }
    answers: [{ body: { ok: true }, is: succeeded }]
"#;

pub(super) fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        let file = |name: &str, text: &str| ProviderFile { path: format!("shop/{name}.yaml"), text: text.into() };
        let files = [
            ("provider", SHOP),
            ("create", CREATE),
            ("remove", REMOVE),
            ("list", LIST),
            ("send", SEND),
            ("close", CLOSE),
            ("reopen", REOPEN),
            ("tag", TAG),
            ("sign", SIGN),
            ("book", BOOK),
        ];
        let mut diagnostics = Diagnostics::new();
        let http = [
            ("http/provider.yaml", include_str!("../../../schemas/providers/http/provider.yaml")),
            ("http/request.yaml", include_str!("../../../schemas/providers/http/request.yaml")),
        ];
        let http = http.map(|(path, text)| ProviderFile { path: path.to_owned(), text: text.into() });
        let files = files.map(|(name, text)| file(name, text)).into_iter().chain(http).collect();
        let registry = Registry::from_files(files, &mut diagnostics);
        registry.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 160)))
    });
    &REGISTRY
}

pub(super) fn shop(name: &str) -> Connection {
    let settings = map(json!({"desk": "front"}));
    Connection { name: name.to_owned(), provider: "shop".to_owned(), settings, ..Connection::default() }
}

pub(super) fn http() -> Connection {
    Connection {
        name: "http".to_owned(),
        provider: "http".to_owned(),
        base_url: Some("https://http.example".to_owned()),
        ..Connection::default()
    }
}

pub(super) fn map(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        other => panic!("{other}"),
    }
}

/// What a playbook is bound with: one connection of the shop and one of `http`, unless a test says otherwise.
pub(super) struct Setup {
    pub(super) environment: &'static str,
    pub(super) connections: Vec<Connection>,
    /// `None`: the row file has not been opened.
    pub(super) columns: Option<Vec<&'static str>>,
    pub(super) vars: BTreeMap<String, Value>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { environment: "test", connections: vec![shop("shop"), http()], columns: None, vars: BTreeMap::new() }
    }
}

pub(super) fn read(text: &str) -> Playbook {
    let mut diagnostics = Diagnostics::new();
    let source = Source::new("playbook.yaml", format!("version: 1\nname: t\n{text}"));
    playbook::read(&source, &mut diagnostics).unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))
}

impl Setup {
    /// Binds a playbook without its head.
    pub(super) fn bind(self, text: &str) -> (Option<Plan>, Diagnostics) {
        let playbook = read(text);
        let mut diagnostics = Diagnostics::new();
        let vars = resolve_vars(&playbook.vars, &self.vars, &playbook.source, &mut diagnostics);
        let columns = self.columns.map(|columns| columns.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let binding = Binding {
            playbook: &playbook,
            registry: registry(),
            environment: Environment {
                name: self.environment.to_owned(),
                connections: self.connections,
                ..Environment::default()
            },
            vars,
            columns: columns.as_deref(),
            run: map(json!({"id": "r-1", "started_at": "2026-09-21T00:00:00Z", "environment": "test"})),
        };
        (bind(binding, &mut diagnostics), diagnostics)
    }

    pub(super) fn plan(self, text: &str) -> Plan {
        let (plan, diagnostics) = self.bind(text);
        plan.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))
    }

    /// What binding reports: `code: message`.
    pub(super) fn reports(self, text: &str) -> Vec<String> {
        reports(&self.bind(text).1)
    }
}

pub(super) fn reports(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|one| format!("{}: {}", one.code, one.message)).collect()
}

pub(super) fn help(diagnostic: &Diagnostic) -> String {
    diagnostic.whole_help().unwrap_or_default()
}

pub(super) fn plan(text: &str) -> Plan {
    Setup::default().plan(text)
}

/// A row without a file behind it. Every cell has the place `rows.csv` 2, with the path of the cell as its line.
#[derive(Default)]
pub(super) struct TestRow {
    pub(super) number: u64,
    pub(super) key: Option<&'static str>,
    pub(super) file: Option<&'static str>,
    pub(super) blanks: Vec<&'static str>,
    pub(super) done: Vec<usize>,
    /// `list.index.column` → the row and the file of the list that it comes from.
    pub(super) elements: Vec<(&'static str, u64)>,
}

impl RowCells for TestRow {
    fn is_blank(&self, column: &str) -> bool {
        self.blanks.contains(&column)
    }
    fn has_blanks(&self) -> bool {
        !self.blanks.is_empty()
    }
    fn place(&self, column: &str) -> Option<Place> {
        Some(Source::new("rows.csv", column).place(Span::new(0, column.len())))
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn key(&self) -> Option<&str> {
        self.key
    }
    fn file(&self) -> Option<String> {
        self.file.map(str::to_owned)
    }
    fn element(&self, path: &str) -> Option<(u64, String)> {
        let (_, number) = self.elements.iter().find(|(known, _)| *known == path)?;
        Some((*number, "list.csv".to_owned()))
    }
    fn is_done(&self, step: usize) -> bool {
        self.done.contains(&step)
    }
}

pub(super) fn row(number: u64) -> TestRow {
    TestRow { number, ..TestRow::default() }
}

/// Checks one row on its own.
pub(super) fn check(plan: &Plan, row: &TestRow, cells: Value) -> (CheckedRow, Diagnostics) {
    let (mut diagnostics, mut cells) = (Diagnostics::new(), map(cells));
    let checked = RowCheck::new(plan, NOW).row(row, &mut cells, InputsWanted::All, &mut diagnostics);
    (checked, diagnostics)
}

/// The cells that a message points at, by their path.
pub(super) fn cells_of(diagnostic: &Diagnostic) -> Vec<String> {
    let places = diagnostic.places.iter().filter(|(place, _)| place.file == "rows.csv");
    places.map(|(place, _)| place.text.clone()).collect()
}
