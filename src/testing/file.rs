//! A test file as written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Answer;
use super::expect::Expect;
use super::given::{Given, RowsGiven};
use crate::diagnostic::Source;
use crate::model::{Time, Value};
use crate::playbook::Spanned;
use crate::sandbox::Faults;

/// When a run begins whose test does not say it: 2030-01-01T00:00:00Z, always the same.
pub const START: Time = Time::from_secs(1_893_456_000);

/// A test file.
#[derive(Debug)]
pub struct TestFile {
    /// Its text.
    pub source: Arc<Source>,
    /// The playbook, beside it; told by the file's own name where it is not written.
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
    pub rows: RowsGiven,
    /// Lists in place of the playbook's own, by name.
    pub lists: Vec<(Spanned<String>, Given)>,
    /// The answers, in order.
    pub answers: Vec<Answer>,
    /// Whether the simulators answer what no answer is given to, with what trouble.
    pub sandbox: Option<Option<Faults>>,
    /// What must come of it.
    pub expect: Expect,
}
