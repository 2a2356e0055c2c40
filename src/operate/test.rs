//! Finds the test files, reads them all, runs their tests one after the other, tells how they went.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::files;
use super::outcome::Outcome;
use super::suite::Suite;
use super::told::{self, Told, counts};
use crate::cli::args::{Common, TestArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure, plural};
use crate::cli::screen::Screen;
use crate::cli::told::tell_messages;
use crate::diagnostic::{Diagnostics, Severity};
use crate::report::{JunitSuite, junit};
use crate::testing::{Reach, Test};

/// Runs `test PATH…`.
pub(crate) fn test(args: &TestArgs, common: &Common, screen: Screen) -> Ended {
    let paths = files::find(&args.paths)?;
    let report = args.report_junit.as_deref();
    report.map(|path| write(path, &[])).transpose()?;
    let suites = suites(&paths, common, report)?;
    let wanted = |test: &Test| {
        let name = test.name.value.to_lowercase();
        args.only.is_empty() || args.only.iter().any(|text| name.contains(&text.to_lowercase()))
    };
    let mut all = Vec::new();
    let mut reached: BTreeMap<String, (&Suite, Reach)> = BTreeMap::new();
    for suite in &suites {
        let name = suite.playbook.source.name().to_owned();
        let (_, reach) = reached.entry(name).or_insert_with(|| (suite, Reach::default()));
        let mut tests = Vec::new();
        for test in suite.file.tests.iter().filter(|test| wanted(test)) {
            let outcome = Outcome::of(suite, test, common)?;
            outcome.done.iter().for_each(|done| reach.see(done));
            tests.push(outcome);
        }
        all.push(Told { file: suite.file.source.name().to_owned(), tests });
    }
    if let (0, 0) = counts(&all) {
        let asked = args.only.join("`, `");
        return Err(Failure::Usage(format!("`--only`: no test has `{asked}` in its name")));
    }
    let missing = |(suite, reach): (&Suite, Reach)| reach.missing(&suite.playbook);
    let mut not_reached: BTreeMap<String, Vec<String>> =
        reached.into_iter().map(|(name, reached)| (name, missing(reached))).collect();
    not_reached.retain(|_, what| !what.is_empty() && args.only.is_empty());
    report.map(|path| write(path, &told::junit(&all))).transpose()?;
    tell(&all, &not_reached, screen)
}

/// Reads all files, so that the mistakes of all are told in one go.
fn suites(paths: &[std::path::PathBuf], common: &Common, report: Option<&Path>) -> Result<Vec<Suite>, Failure> {
    let (mut suites, mut all) = (Vec::new(), Diagnostics::new());
    for path in paths {
        let mut own = Diagnostics::new();
        suites.extend(Suite::load(path, common, &mut own)?);
        // What several files share is told once, and warnings are for `check`.
        for one in own.into_iter().filter(|one| one.severity == Severity::Error) {
            if !all.iter().any(|known| *known == one) {
                all.push(one);
            }
        }
    }
    if all.has_errors() {
        report.map(|path| write(path, &told::junit_of_invalid(&all))).transpose()?;
        return Err(Failure::Invalid(all));
    }
    Ok(suites)
}

/// Writes the report; the first time, before anything is run, to know that it can be written.
fn write(path: &Path, suites: &[JunitSuite]) -> Result<(), Failure> {
    fs::write(path, junit(suites))
        .map_err(|error| Failure::Usage(format!("`--report-junit {}` cannot be written: {error}", path.display())))
}

fn tell(all: &[Told], not_reached: &BTreeMap<String, Vec<String>>, screen: Screen) -> Ended {
    let (passed, failed) = counts(all);
    if screen.json() {
        screen.data(&told::json(all, not_reached).to_string())?;
    } else {
        let text = told::text(all, !screen.quiet());
        if !text.is_empty() {
            screen.data(text.trim_end())?;
        }
    }
    let mut found = Diagnostics::new();
    all.iter().flat_map(|told| &told.tests).for_each(|test| found.extend(test.found.clone()));
    if !found.is_empty() {
        tell_messages(&found, screen);
    }
    for (playbook, what) in not_reached {
        screen.talk(&format!("note: no test of {playbook} shows that: {}", what.join("; ")));
    }
    let tests = format!("{} in {}", plural(passed + failed, "test"), plural(all.len(), "file"));
    screen.talk(&format!("{tests}: {passed} passed, {failed} failed"));
    Ok(if failed > 0 { Exit::Failed } else { Exit::Done })
}
