//! Runs test files and reports which tests passed and what no test reaches.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::files::find_tests;
use super::outcome::TestOutcome;
use super::suite::Suite;
use crate::diagnostic::{Diagnostics, Severity};
use crate::operate::interface::{Context, Refusal};
use crate::testing::{Coverage, Test};

/// A request to run tests of playbooks.
#[derive(Debug, Clone)]
pub struct TestRequest {
    /// Test files, playbooks with a test file beside them, and folders of test files.
    pub paths: Vec<PathBuf>,
    /// Only tests whose name contains one of these texts, in any case; empty for all tests.
    pub only: Vec<String>,
}

impl TestRequest {
    /// A request for all tests that a path names.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { paths: vec![path.into()], only: Vec::new() }
    }
}

/// The results of tests.
#[derive(Debug)]
pub struct TestReport {
    /// The test files, in order, with the results of their tests.
    pub files: Vec<TestedFile>,
    /// What no test reaches, by playbook; empty where only some tests were run.
    pub not_reached: BTreeMap<String, Vec<String>>,
}

/// The results of the tests of one file.
#[derive(Debug)]
pub struct TestedFile {
    /// The file.
    pub file: String,
    /// The results, in order.
    pub tests: Vec<TestOutcome>,
}

impl TestReport {
    /// Returns how many tests passed, and how many failed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let tests = || self.files.iter().flat_map(|file| &file.tests);
        let passed = tests().filter(|test| test.passed()).count();
        (passed, tests().count() - passed)
    }
}

/// Runs tests of playbooks. Failed tests are part of the report.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, TestRequest, test};
///
/// let report = test(&TestRequest::new("playbooks/extend-deadlines.yaml"), &Context::new())?;
/// let (passed, failed) = report.counts();
/// assert!(passed > 0 && failed == 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the request names no test; [`Refusal::Invalid`] for wrong test files and playbooks;
/// [`Refusal::Broken`] where a file cannot be read.
pub fn test(request: &TestRequest, context: &Context) -> Result<TestReport, Refusal> {
    let suites = suites(&find_tests(&request.paths, context)?, context)?;
    let wanted = |test: &Test| {
        let name = test.name.value.to_lowercase();
        request.only.is_empty() || request.only.iter().any(|text| name.contains(&text.to_lowercase()))
    };
    let mut report = TestReport { files: Vec::new(), not_reached: BTreeMap::new() };
    let mut reached: BTreeMap<String, (&Suite, Coverage)> = BTreeMap::new();
    for suite in &suites {
        let name = suite.playbook.source.name().to_owned();
        let (_, coverage) = reached.entry(name).or_insert_with(|| (suite, Coverage::default()));
        let mut tests = Vec::new();
        for test in suite.file.tests.iter().filter(|test| wanted(test)) {
            let outcome = TestOutcome::of(suite, test, context)?;
            outcome.done.iter().for_each(|done| coverage.add(done));
            tests.push(outcome);
        }
        report.files.push(TestedFile { file: suite.file.source.name().to_owned(), tests });
    }
    if let (0, 0) = report.counts() {
        let asked = request.only.join("`, `");
        return Err(Refusal::Usage(format!("`--only`: no test has `{asked}` in its name")));
    }
    let missing = |(suite, coverage): (&Suite, Coverage)| coverage.gaps(&suite.playbook);
    report.not_reached = reached.into_iter().map(|(name, reached)| (name, missing(reached))).collect();
    report.not_reached.retain(|_, what| !what.is_empty() && request.only.is_empty());
    Ok(report)
}

/// Reads all test files and reports all their mistakes together.
fn suites(paths: &[PathBuf], context: &Context) -> Result<Vec<Suite>, Refusal> {
    let (mut suites, mut all) = (Vec::new(), Diagnostics::new());
    for path in paths {
        let mut own = Diagnostics::new();
        suites.extend(Suite::load(path, context, &mut own)?);
        // A mistake that several files share is reported once; `check` reports warnings.
        for one in own.into_iter().filter(|one| one.severity == Severity::Error) {
            if !all.iter().any(|known| *known == one) {
                all.push(one);
            }
        }
    }
    if all.has_errors() { Err(Refusal::Invalid(all)) } else { Ok(suites) }
}
