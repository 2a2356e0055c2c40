//! The results of tests as text, as JSON and as JUnit.

use std::collections::BTreeMap;

use serde_json::json;

use crate::diagnostic::{Diagnostics, printable};
use crate::model::Value;
use crate::operate::{TestOutcome, TestReport};
use crate::report::{JunitCase, JunitProblem, JunitResult, JunitSuite};

/// One line for each test; passed tests only where `whole`.
pub(super) fn text(report: &TestReport, whole: bool) -> String {
    let mut text = String::new();
    for file in &report.files {
        for test in file.tests.iter().filter(|test| whole || !test.passed()) {
            let word = if test.passed() { "passed" } else { "FAILED" };
            let at = format!("{}:{}", file.file, test.place.line);
            text.push_str(&format!("{word}  {}  {}\n", printable(&at), printable(&test.name)));
        }
    }
    text
}

/// The results as JSON.
pub(super) fn json(report: &TestReport) -> Value {
    let (passed, failed) = report.counts();
    let tests = report.files.iter().flat_map(|file| file.tests.iter().map(|test| one(&file.file, test)));
    json!({
        "outcome": if failed > 0 { "failed" } else { "passed" },
        "passed": passed,
        "failed": failed,
        "tests": tests.collect::<Vec<_>>(),
        "not_reached": report.not_reached,
    })
}

fn one(file: &str, test: &TestOutcome) -> Value {
    json!({
        "file": file,
        "line": test.place.line,
        "name": test.name,
        "outcome": if test.passed() { "passed" } else { "failed" },
        "requests": test.requests(),
        "run": test.summary().map(|summary| json!({
            "outcome": summary.outcome.as_str(),
            "rows": summary.rows,
            "duration_ms": summary.duration_ms,
        })),
        "diagnostics": test.found.to_json(),
    })
}

/// The results as JUnit suites.
pub(super) fn junit(report: &TestReport) -> Vec<JunitSuite> {
    report
        .files
        .iter()
        .map(|file| JunitSuite { name: file.file.clone(), cases: file.tests.iter().map(case).collect() })
        .collect()
}

fn case(test: &TestOutcome) -> JunitCase {
    JunitCase {
        name: test.name.clone(),
        place: Some((test.place.file.clone(), test.place.line)),
        took: test.took,
        result: problem(&test.found).map_or(JunitResult::Passed, JunitResult::Failed),
    }
}

/// What was found, as one problem; `None` where nothing was.
fn problem(found: &Diagnostics) -> Option<JunitProblem> {
    let first = found.iter().next()?;
    let story = found.render(false, 100);
    Some(JunitProblem { code: first.code.to_owned(), message: first.message.clone(), story })
}

/// Files that cannot be read as tests, as JUnit suites.
pub(super) fn junit_of_invalid(found: &Diagnostics) -> Vec<JunitSuite> {
    let mut files: BTreeMap<String, Diagnostics> = BTreeMap::new();
    for one in found.errors() {
        let file = one.places.first().map_or("runsheet", |(place, _)| place.file.as_str());
        files.entry(file.to_owned()).or_default().push(one.clone());
    }
    let suite = |(file, found): (String, Diagnostics)| {
        let first = found.iter().next();
        let line = first.and_then(|one| one.places.first()).map_or(1, |(place, _)| place.line);
        let case = JunitCase {
            name: "can be read".to_owned(),
            place: Some((file.clone(), line)),
            took: std::time::Duration::ZERO,
            result: problem(&found).map_or(JunitResult::Passed, JunitResult::Broken),
        };
        JunitSuite { name: file, cases: vec![case] }
    };
    files.into_iter().map(suite).collect()
}
