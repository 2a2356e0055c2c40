//! The verb `check`: playbooks, settings and every row, offline; test files without running them.

use std::convert::Infallible;
use std::path::Path;

use serde_json::json;

use super::args::{CheckArgs, Common};
use super::exit::Exit;
use super::failure::{Ended, Failure, counts, plural};
use super::mending::{FileFix, Fixed, Left, fix};
use super::options::RowsFile;
use super::prepare::{Prepared, prepare};
use super::screen::Screen;
use super::test::{Suite, is_test};
use super::told::tell_messages;
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::model::Value;
use crate::runner::{Intake, Selection, Tally, take_rows};

/// Runs `check PLAYBOOK…`.
pub(crate) fn check(args: &CheckArgs, common: &Common, screen: Screen) -> Ended {
    let clock = Clock::start();
    let mut all = Diagnostics::new();
    let (mut found, mut fixes): (Vec<Value>, Vec<Value>) = Default::default();
    for path in &args.playbooks {
        let mut own = Diagnostics::new();
        if is_test(path) {
            let suite = Suite::load(path, common, &mut own)?;
            if let Some(suite) = suite.filter(|_| !own.has_errors()) {
                let tests = suite.file.tests.len();
                if !screen.json() {
                    screen.data(&format!("{}: {}", path.display(), plural(tests, "test")))?;
                }
                found.push(json!({"test_file": path, "tests": tests}));
            }
            // What is wrong with the playbook may have been told of it already.
            let new: Vec<_> = own.into_iter().filter(|one| !all.iter().any(|known| known == one)).collect();
            all.extend(new);
            continue;
        }
        let fixed = match &args.fix {
            Some(out) => fix(path, out, args, common)?,
            None => None,
        };
        let input = fixed.as_ref().map_or(&args.input, |fixed| &fixed.input);
        let tally = match prepare(path, input, common, &clock, &mut own)? {
            Some(prepared) => tally(prepared, &clock, &mut own)?,
            None => None,
        };
        match &fixed {
            Some(fixed) => tell_fixed(path, fixed, &own, screen)?,
            None if args.fix.is_some() => screen.talk(&unfixed(path, &own)),
            None => {}
        }
        fixes.extend(fixed.iter().flat_map(|fixed| &fixed.files).map(FileFix::to_json));
        if let Some(tally) = tally.filter(|_| !own.has_errors()) {
            if !screen.json() {
                screen.data(&line(path, &tally))?;
            }
            found.push(json!({"playbook": path, "rows": tally.rows, "calls": tally.calls}));
        }
        all.extend(own);
    }
    if screen.json() {
        let outcome = if all.has_errors() { "invalid" } else { "valid" };
        let mut report = json!({"outcome": outcome, "playbooks": found, "diagnostics": all.to_json()});
        if args.fix.is_some() {
            report["fixes"] = fixes.into();
            report["left"] = Left::of(&all).to_json();
        }
        screen.data(&report.to_string())?;
    }
    if !all.is_empty() {
        tell_messages(&all, screen);
    }
    if all.error_count() + all.warning_count() > 0 {
        screen.talk(&counts(&all));
    }
    Ok(if all.has_errors() { Exit::Invalid } else { Exit::Done })
}

/// Tells what was repaired, what was left, and how to go on with it.
fn tell_fixed(path: &Path, fixed: &Fixed, diagnostics: &Diagnostics, screen: Screen) -> Result<(), Failure> {
    if !screen.json() {
        for file in &fixed.files {
            screen.data(&file.text())?;
        }
        let left = Left::of(diagnostics).text();
        if !left.is_empty() {
            screen.data(&left)?;
        }
    }
    let name = |rows: &RowsFile| rows.list.as_ref().map_or_else(String::new, |list| format!("{list}="));
    let rows = fixed.input.rows.iter().map(|rows| format!(" --rows {}{}", name(rows), rows.file.display()));
    let ahead = if diagnostics.has_errors() { "Correct what is left in it, then run it" } else { "Run it" };
    screen.talk(&format!("{ahead} with: runsheet run {}{}", path.display(), rows.collect::<String>()));
    Ok(())
}

/// Why nothing was repaired.
fn unfixed(path: &Path, diagnostics: &Diagnostics) -> String {
    let why = if diagnostics.has_errors() { "correct what is told of it first" } else { "it has no rows" };
    format!("{}: nothing was written, {why}", path.display())
}

/// Reads every row and counts what it would do; rows that an earlier run has done are an error of the data.
fn tally(prepared: Prepared, clock: &Clock, diagnostics: &mut Diagnostics) -> Result<Option<Tally>, Failure> {
    let mut source = prepared.source;
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut source,
        selection: &Selection::default(),
        skip_invalid: false,
        now: clock.now(),
        samples: 0,
        past: None,
    };
    let taken: Result<Tally, Infallible> = take_rows(intake, diagnostics, &mut |_| Ok(()));
    Ok(taken.ok())
}

/// `playbooks/a.yaml: 40 rows, 40 calls`.
fn line(path: &Path, tally: &Tally) -> String {
    let calls: u64 = tally.calls.values().sum();
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    format!("{}: {}, {}", path.display(), plural(number(tally.rows), "row"), plural(number(calls), "call"))
}
