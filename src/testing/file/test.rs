//! A test file as written.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::answer::{TestAnswer, read_answers};
use super::expect::{Expectation, read_expect};
use super::rows::{RowsFrom, TestRows, read_rows, read_rows_from};
use super::spanned;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::test_file::{TEST, TEST_FILE, TEST_FILE_VERSION, TEST_SANDBOX};
use crate::model::{Time, Value};
use crate::playbook::Spanned;
use crate::sandbox::Faults;
use crate::yaml::{self, Key, Node, NodeKind};

/// The default start of a run: 2030-01-01T00:00:00Z.
pub const START: Time = Time::from_secs(1_893_456_000);

/// A test file.
#[derive(Debug)]
pub struct TestFile {
    /// Its text.
    pub source: Arc<Source>,
    /// The playbook beside it; `None` to derive it from the file's own name.
    pub playbook: Option<Spanned<String>>,
    /// The environment whose connections it takes: addresses, defaults, settings, never credentials.
    pub environment: Option<Spanned<String>>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// One test: what a run is given, and what must come of it.
#[derive(Debug)]
pub struct Test {
    /// What it shows.
    pub name: Spanned<String>,
    /// When the run begins.
    pub now: Time,
    /// Variables over the playbook's defaults, each with its place.
    pub vars: BTreeMap<String, Spanned<Value>>,
    /// The rows.
    pub rows: TestRows,
    /// Lists in place of the playbook's own, by name.
    pub lists: Vec<(Spanned<String>, RowsFrom)>,
    /// The answers, in order.
    pub answers: Vec<TestAnswer>,
    /// Whether the simulators answer requests without a given answer, and with which faults.
    pub sandbox: Option<Option<Faults>>,
    /// What must come of it.
    pub expect: Expectation,
}

/// Variables as they are given.
type Vars = BTreeMap<String, Spanned<Value>>;

/// Reads a test file; `None` if it has no tests that can be run.
pub fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<TestFile> {
    let node = yaml::parse(source, diagnostics)?;
    let mut fields = Fields::open(&node, source, diagnostics, &TEST_FILE)?;
    if let Some(version) = spanned::integer(&mut fields, "version").filter(|version| version.value != TEST_FILE_VERSION)
    {
        let message = format!("Version {} of test files is not known to this runsheet", version.value);
        let help = format!("Write `version: {TEST_FILE_VERSION}`, or use a newer runsheet.");
        fields.error("bad-value", version.span, message, Some(help));
    }
    let playbook = spanned::text(&mut fields, "playbook");
    let environment = spanned::text(&mut fields, "environment");
    let now = read_now(&mut fields).unwrap_or(START);
    let vars = read_vars(fields.map("vars").unwrap_or_default());
    let tests = fields.required("tests").and_then(|_| fields.list("tests"));
    if let Some([]) = tests {
        let span = fields.node("tests").map_or(fields.span(), |node| node.span);
        fields.error("bad-value", span, "`tests` must hold at least one test", None);
    }
    fields.finish();
    let nodes = tests?.iter();
    let tests: Vec<Test> = nodes.filter_map(|node| read_test(node, now, &vars, source, diagnostics)).collect();
    check_unique(&tests, source, diagnostics);
    Some(TestFile { source: source.clone(), playbook, environment, tests })
}

fn read_test(node: &Node, now: Time, vars: &Vars, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Test> {
    let mut fields = Fields::open(node, source, diagnostics, &TEST)?;
    let name = fields.required_text("name").zip(fields.node("name"));
    let name = name.map(|(name, node)| Spanned::new(name, node.span));
    let now = read_now(&mut fields).unwrap_or(now);
    let mut all = vars.clone();
    all.extend(read_vars(fields.map("vars").unwrap_or_default()));
    let (rows, lists) = (fields.node("rows"), fields.map("lists").unwrap_or_default());
    let (answers, sandbox) = (fields.list("answers").unwrap_or_default(), fields.node("sandbox"));
    let expect = fields.required("expect");
    fields.finish();
    let rows = rows.map(|node| read_rows(node, source, diagnostics)).unwrap_or_default();
    let lists = lists.iter().map(|(key, node)| read_list(key, node, source, diagnostics)).collect();
    let answers = read_answers(answers, source, diagnostics);
    let sandbox = sandbox.and_then(|node| read_sandbox(node, source, diagnostics));
    let expect = expect.map_or_else(Expectation::default, |node| read_expect(node, source, diagnostics));
    Some(Test { name: name?, now, vars: all, rows, lists, answers, sandbox, expect })
}

fn read_now(fields: &mut Fields<'_, '_>) -> Option<Time> {
    fields.parsed("now", "an instant such as `2030-01-31T09:00:00+08:00`", |text| {
        let wrong =
            |_| format!("`{text}` is no instant: write it with its offset, such as `2030-01-31T09:00:00+08:00`");
        text.parse::<jiff::Timestamp>().map(Time::from_timestamp).map_err(wrong)
    })
}

/// Scalars stay what stands in the file: the variable's type decides what they mean.
fn read_vars(entries: &[(Key, Node)]) -> Vars {
    let value = |node: &Node| match node.as_text() {
        Some(text) if !node.is_null() => Value::String(text.to_owned()),
        _ => node.to_value(),
    };
    entries.iter().map(|(key, node)| (key.text.clone(), Spanned::new(value(node), key.span))).collect()
}

fn read_list(
    key: &Key,
    node: &Node,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> (Spanned<String>, RowsFrom) {
    let given = read_rows_from(node, &format!("lists.{}", key.text), source, diagnostics);
    (Spanned::new(key.text.clone(), key.span), given)
}

/// `true`, or `{ faults: SPEC }`.
fn read_sandbox(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Option<Faults>> {
    match &node.kind {
        NodeKind::Scalar { .. } if node.to_value() == Value::Bool(true) => return Some(None),
        NodeKind::Scalar { .. } if node.to_value() == Value::Bool(false) => return None,
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => {}
    }
    let mut fields = Fields::open(node, source, diagnostics, &TEST_SANDBOX)?;
    let faults = fields.parsed("faults", "faults such as `lose=10%,seed=7`", Faults::parse);
    fields.finish();
    Some(faults)
}

fn check_unique(tests: &[Test], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for test in tests {
        if let Some(first) = seen.insert(&test.name.value, test.name.span) {
            diagnostics.push(
                Diagnostic::error("duplicate-id", format!("Two tests have the name `{}`", test.name.value))
                    .at(source.place(test.name.span), "again here")
                    .at(source.place(first), "first here")
                    .help("Give one of them another name: it is how they are chosen and reported."),
            );
        }
    }
}
