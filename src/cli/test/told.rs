//! What is told of tests: line by line, as JSON, as JUnit.

use std::collections::BTreeMap;

use serde_json::json;

use super::outcome::Outcome;
use crate::diagnostic::{Diagnostics, printable};
use crate::model::Value;
use crate::report::{JunitCase, JunitSuite};

/// The tests of one file as they went.
pub(super) struct Told {
    /// The file.
    pub(super) file: String,
    /// Its tests.
    pub(super) tests: Vec<Outcome>,
}

/// How many passed and how many failed.
pub(super) fn counts(all: &[Told]) -> (usize, usize) {
    let tests = || all.iter().flat_map(|told| &told.tests);
    let passed = tests().filter(|test| test.passed()).count();
    (passed, tests().count() - passed)
}

/// The lines for people; those of tests that passed only where `whole`.
pub(super) fn text(all: &[Told], whole: bool) -> String {
    let mut text = String::new();
    for told in all {
        for test in told.tests.iter().filter(|test| whole || !test.passed()) {
            let word = if test.passed() { "passed" } else { "FAILED" };
            let at = format!("{}:{}", told.file, test.place.line);
            text.push_str(&format!("{word}  {}  {}\n", printable(&at), printable(&test.name)));
        }
    }
    text
}

/// The same for programs.
pub(super) fn json(all: &[Told], not_reached: &BTreeMap<String, Vec<String>>) -> Value {
    let (passed, failed) = counts(all);
    let tests = all.iter().flat_map(|told| told.tests.iter().map(|test| one(&told.file, test)));
    json!({
        "outcome": if failed > 0 { "failed" } else { "passed" },
        "passed": passed,
        "failed": failed,
        "tests": tests.collect::<Vec<_>>(),
        "not_reached": not_reached,
    })
}

fn one(file: &str, test: &Outcome) -> Value {
    let summary = test.done.as_ref().map(|done| &done.end.summary);
    json!({
        "file": file,
        "line": test.place.line,
        "name": test.name,
        "outcome": if test.passed() { "passed" } else { "failed" },
        "requests": test.done.as_ref().map_or(0, |done| done.sent.len()),
        "run": summary.map(|summary| json!({
            "outcome": summary.outcome.as_str(),
            "rows": summary.rows,
            "duration_ms": summary.duration_ms,
        })),
        "diagnostics": test.found.to_json(),
    })
}

/// The same as suites of JUnit.
pub(super) fn junit(all: &[Told]) -> Vec<JunitSuite> {
    all.iter()
        .map(|told| JunitSuite { name: told.file.clone(), cases: told.tests.iter().map(case).collect() })
        .collect()
}

fn case(test: &Outcome) -> JunitCase {
    let first = test.found.iter().next();
    JunitCase {
        name: test.name.clone(),
        file: test.place.file.clone(),
        line: test.place.line,
        took: test.took,
        failure: first.map(|first| (first.code.to_owned(), first.message.clone(), test.found.render(false, 100))),
        broken: false,
    }
}

/// Files that hold no tests, being wrong, as suites of JUnit.
pub(super) fn junit_of_invalid(found: &Diagnostics) -> Vec<JunitSuite> {
    let mut files: BTreeMap<String, Diagnostics> = BTreeMap::new();
    for one in found.errors() {
        let file = one.places.first().map_or("runsheet", |(place, _)| place.file.as_str());
        files.entry(file.to_owned()).or_default().push(one.clone());
    }
    let suite = |(file, found): (String, Diagnostics)| {
        let first = found.iter().next();
        let case = JunitCase {
            name: "can be read".to_owned(),
            file: file.clone(),
            line: first.and_then(|one| one.places.first()).map_or(1, |(place, _)| place.line),
            took: std::time::Duration::ZERO,
            failure: first.map(|first| (first.code.to_owned(), first.message.clone(), found.render(false, 100))),
            broken: true,
        };
        JunitSuite { name: file, cases: vec![case] }
    };
    files.into_iter().map(suite).collect()
}
