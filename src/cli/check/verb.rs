//! Checks playbooks, shows what was found, and what `--fix` repaired.

use std::path::Path;

use serde_json::json;

use super::repairs;
use crate::cli::args::{CheckArgs, Common};
use crate::cli::context::context;
use crate::cli::output::{Exit, Output, Screen, VerbResult, counts, show_messages};
use crate::diagnostic::{Diagnostics, plural, plural_of, shell_path, shell_word};
use crate::model::Value;
use crate::operate::{
    self, CheckReport, CheckRequest, CheckedFile, FileContent, FixReport, GivenRows, RepairedFile, Unrepaired,
};

/// Runs `check PLAYBOOK…`.
pub(crate) fn check(args: &CheckArgs, common: &Common, screen: Screen) -> VerbResult {
    let request = CheckRequest { playbooks: args.playbooks.clone(), input: args.input.input(), fix: args.fix.clone() };
    let report = operate::check(&request, &context(common, screen))?;
    for file in &report.files {
        show_file(file, screen);
    }
    if let Some(refusal) = report.refused {
        return Err(refusal.into());
    }
    let all = &report.diagnostics;
    if screen.json() {
        screen.data_or_warn(Output::json(&json(&report, args.fix.is_some())));
    }
    if !all.is_empty() {
        show_messages(all, screen);
    }
    if all.error_count() + all.warning_count() > 0 {
        screen.say(&counts(all));
    }
    Ok(if all.has_errors() { Exit::Invalid } else { Exit::Done })
}

/// The report as JSON.
fn json(report: &CheckReport, fixing: bool) -> Value {
    let all = &report.diagnostics;
    let found = report.files.iter().filter_map(|file| {
        let path = &file.path;
        Some(match file.content.as_ref()? {
            FileContent::Tests(tests) => json!({"test_file": path, "tests": tests}),
            FileContent::Playbook { rows, calls } => json!({"playbook": path, "rows": rows, "calls": calls}),
        })
    });
    let outcome = if all.has_errors() { "invalid" } else { "valid" };
    let playbooks: Vec<Value> = found.collect();
    let mut json = json!({"outcome": outcome, "playbooks": playbooks, "diagnostics": all.to_json()});
    if fixing {
        json["fixes"] = report.files.iter().flat_map(fixed).map(repairs::json).collect();
        json["left"] = repairs::unrepaired_json(&Unrepaired::of(all));
    }
    json
}

/// The repaired files of a playbook.
fn fixed(file: &CheckedFile) -> &[RepairedFile] {
    match &file.fix {
        Some(FixReport::Written { files, .. }) => files,
        Some(FixReport::Nothing) | None => &[],
    }
}

/// Shows what was repaired for a file, and what it contains.
fn show_file(file: &CheckedFile, screen: Screen) {
    let path = &file.path;
    match &file.fix {
        Some(FixReport::Written { files, rows, diagnostics }) => {
            show_repair(path, (files, rows), diagnostics, screen);
        }
        Some(FixReport::Nothing) => {
            let why = if file.has_errors { "correct its errors first" } else { "it has no rows" };
            screen.say(&format!("{}: nothing was written, {why}", path.display()));
        }
        None => {}
    }
    if screen.json() {
        return;
    }
    match &file.content {
        Some(FileContent::Tests(tests)) => {
            screen.data_or_warn(format!("{}: {}", path.display(), plural(*tests, "test")))
        }
        Some(FileContent::Playbook { rows, calls }) => {
            let (rows, calls) = (plural_of(*rows, "row"), plural_of(calls.values().sum(), "call"));
            screen.data_or_warn(format!("{}: {rows}, {calls}", path.display()));
        }
        None => {}
    }
}

/// Shows what was repaired, what was left, and the command that comes next.
fn show_repair(path: &Path, (files, rows): (&[RepairedFile], &[GivenRows]), diagnostics: &Diagnostics, screen: Screen) {
    if !screen.json() {
        for file in files {
            screen.data_or_warn(repairs::text(file));
        }
        let left = repairs::unrepaired_text(&Unrepaired::of(diagnostics));
        if !left.is_empty() {
            screen.data_or_warn(left);
        }
    }
    let name = |rows: &GivenRows| rows.list.as_ref().map_or_else(String::new, |list| format!("{}=", shell_word(list)));
    let rows = rows.iter().map(|rows| format!(" --rows {}{}", name(rows), shell_path(Path::new(&rows.from.word()))));
    let ahead = if diagnostics.has_errors() { "Correct what is left in it, then run it" } else { "Run it" };
    screen.say(&format!("{ahead} with: runsheet run {}{}", shell_path(path), rows.collect::<String>()));
}
