//! The verb `check`: playbooks, settings and every row, offline.

use std::convert::Infallible;
use std::path::Path;

use serde_json::json;

use super::args::{CheckArgs, Common};
use super::exit::Exit;
use super::failure::{Ended, Failure, counts, plural};
use super::prepare::{Prepared, prepare};
use super::screen::Screen;
use super::told::tell_messages;
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::model::Value;
use crate::runner::{Intake, Selection, Tally, take_rows};

/// Runs `check PLAYBOOK…`.
pub(crate) fn check(args: &CheckArgs, common: &Common, screen: Screen) -> Ended {
    let clock = Clock::start();
    let mut all = Diagnostics::new();
    let mut found: Vec<Value> = Vec::new();
    for path in &args.playbooks {
        let mut own = Diagnostics::new();
        let tally = match prepare(path, &args.input, common, &clock, &mut own)? {
            Some(prepared) => tally(prepared, &clock, &mut own)?,
            None => None,
        };
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
        let report = json!({"outcome": outcome, "playbooks": found, "diagnostics": all.to_json()});
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
