//! The verb `check`.

use std::path::Path;

use serde_json::json;

use super::repairs;
use crate::cli::args::{CheckArgs, Common};
use crate::cli::context::context;
use crate::cli::output::{Data, Ended, Exit, Screen, counts, tell_messages};
use crate::diagnostic::{Diagnostics, plural, plural_of, shell_path, shell_word};
use crate::model::Value;
use crate::operate::{self, CheckReport, CheckRequest, CheckedFile, FixReport, FixedFile, GivenRows, Holds, Left};

/// Runs `check PLAYBOOK…`.
pub(crate) fn check(args: &CheckArgs, common: &Common, screen: Screen) -> Ended {
    let request = CheckRequest { playbooks: args.playbooks.clone(), input: args.input.input(), fix: args.fix.clone() };
    let report = operate::check(&request, &context(common, screen))?;
    for file in &report.files {
        tell_file(file, screen);
    }
    if let Some(refusal) = report.refused {
        return Err(refusal.into());
    }
    let all = &report.diagnostics;
    if screen.json() {
        screen.conclude(Data::json(&json(&report, args.fix.is_some())));
    }
    if !all.is_empty() {
        tell_messages(all, screen);
    }
    if all.error_count() + all.warning_count() > 0 {
        screen.talk(&counts(all));
    }
    Ok(if all.has_errors() { Exit::Invalid } else { Exit::Done })
}

/// The whole report for programs.
fn json(report: &CheckReport, fixing: bool) -> Value {
    let all = &report.diagnostics;
    let found = report.files.iter().filter_map(|file| {
        let path = &file.path;
        Some(match file.holds.as_ref()? {
            Holds::Tests(tests) => json!({"test_file": path, "tests": tests}),
            Holds::Playbook { rows, calls } => json!({"playbook": path, "rows": rows, "calls": calls}),
        })
    });
    let outcome = if all.has_errors() { "invalid" } else { "valid" };
    let playbooks: Vec<Value> = found.collect();
    let mut json = json!({"outcome": outcome, "playbooks": playbooks, "diagnostics": all.to_json()});
    if fixing {
        json["fixes"] = report.files.iter().flat_map(fixed).map(repairs::json).collect();
        json["left"] = repairs::left_json(&Left::of(all));
    }
    json
}

fn fixed(file: &CheckedFile) -> &[FixedFile] {
    match &file.fix {
        Some(FixReport::Written { files, .. }) => files,
        Some(FixReport::Nothing) | None => &[],
    }
}

/// Says what was repaired in a file, and what it holds.
fn tell_file(file: &CheckedFile, screen: Screen) {
    let path = &file.path;
    match &file.fix {
        Some(FixReport::Written { files, rows, diagnostics }) => {
            tell_fixed(path, (files, rows), diagnostics, screen);
        }
        Some(FixReport::Nothing) => {
            let why = if file.wrong { "correct what is told of it first" } else { "it has no rows" };
            screen.talk(&format!("{}: nothing was written, {why}", path.display()));
        }
        None => {}
    }
    if screen.json() {
        return;
    }
    match &file.holds {
        Some(Holds::Tests(tests)) => screen.conclude(format!("{}: {}", path.display(), plural(*tests, "test"))),
        Some(Holds::Playbook { rows, calls }) => {
            let (rows, calls) = (plural_of(*rows, "row"), plural_of(calls.values().sum(), "call"));
            screen.conclude(format!("{}: {rows}, {calls}", path.display()));
        }
        None => {}
    }
}

/// Says what was repaired, what was left, and how to go on with it.
fn tell_fixed(path: &Path, (files, rows): (&[FixedFile], &[GivenRows]), diagnostics: &Diagnostics, screen: Screen) {
    if !screen.json() {
        for file in files {
            screen.conclude(repairs::text(file));
        }
        let left = repairs::left_text(&Left::of(diagnostics));
        if !left.is_empty() {
            screen.conclude(left);
        }
    }
    let name = |rows: &GivenRows| rows.list.as_ref().map_or_else(String::new, |list| format!("{}=", shell_word(list)));
    let rows = rows.iter().map(|rows| format!(" --rows {}{}", name(rows), shell_path(Path::new(&rows.from.word()))));
    let ahead = if diagnostics.has_errors() { "Correct what is left in it, then run it" } else { "Run it" };
    screen.talk(&format!("{ahead} with: runsheet run {}{}", shell_path(path), rows.collect::<String>()));
}
