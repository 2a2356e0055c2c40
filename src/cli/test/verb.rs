//! Runs tests of playbooks, and shows the results.

use std::fs;
use std::path::Path;

use super::render;
use crate::cli::args::{Common, TestArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult, show_messages};
use crate::diagnostic::{Diagnostics, plural};
use crate::operate::{self, Refusal, TestReport, TestRequest};
use crate::report::{JunitSuite, junit};

/// Runs `test PATH…`.
pub(crate) fn test(args: &TestArgs, common: &Common, screen: Screen) -> VerbResult {
    let context = context(common, screen);
    let request = TestRequest { paths: operate::find_tests(&args.paths, &context)?, only: args.only.clone() };
    let junit_file = args.report_junit.as_deref();
    // Written first, so that an unwritable file is found before any test runs.
    write(junit_file, &[])?;
    let report = match operate::test(&request, &context) {
        Ok(report) => report,
        Err(Refusal::Invalid(diagnostics)) => {
            write(junit_file, &render::junit_of_invalid(&diagnostics))?;
            return Err(Failure::Invalid(diagnostics));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    write(junit_file, &render::junit(&report))?;
    Ok(show(&report, screen))
}

/// Writes the JUnit report, where one is asked for.
fn write(path: Option<&Path>, suites: &[JunitSuite]) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    fs::write(path, junit(suites))
        .map_err(|error| Failure::Usage(format!("`--report-junit {}` cannot be written: {error}", path.display())))
}

fn show(report: &TestReport, screen: Screen) -> Exit {
    let (passed, failed) = report.counts();
    if screen.json() {
        screen.data_or_warn(Output::json(&render::json(report)));
    } else {
        let text = render::text(report, !screen.quiet());
        if !text.is_empty() {
            screen.data_or_warn(text.trim_end());
        }
    }
    let mut found = Diagnostics::new();
    report.files.iter().flat_map(|file| &file.tests).for_each(|test| found.extend(test.found.clone()));
    if !found.is_empty() {
        show_messages(&found, screen);
    }
    for (playbook, what) in &report.not_reached {
        screen.say(&format!("note: not tested in {playbook}: {}", what.join("; ")));
    }
    let tests = format!("{} in {}", plural(passed + failed, "test"), plural(report.files.len(), "file"));
    screen.say(&format!("{tests}: {passed} passed, {failed} failed"));
    if failed > 0 { Exit::Failed } else { Exit::Done }
}
