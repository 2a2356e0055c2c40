//! Formats each file: reads it, formats the text, proves that the meaning is unchanged, writes it beside and renames it.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::files::{FileToFormat, find_files};
use super::render::{FileState, FormatResult, diff};
use crate::cli::args::FmtArgs;
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult, counts, show_messages};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, one_line, plural, without_commands};
use crate::io;
use crate::yaml::reformat;

/// Runs `fmt [--check] PATH…`.
pub(crate) fn fmt(args: &FmtArgs, screen: Screen) -> VerbResult {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return match args.paths.as_slice() {
            [_] => standard_input(args.check, screen),
            _ => Err(Failure::Usage("`-` is standard input, and goes with no other path".to_owned())),
        };
    }
    let mut diagnostics = Diagnostics::new();
    let mut all = Vec::new();
    let meant = find_files(&args.paths)?;
    for one in &meant.files {
        let told = file(one, args.check, &mut diagnostics)?;
        if !screen.json() {
            match told.state {
                FileState::Formatted => screen.data_or_warn(format!("Formatted {}", told.file)),
                FileState::Unformatted => screen.data_or_warn(told.diff.trim_end_matches('\n')),
                FileState::Unchanged | FileState::Invalid => {}
            }
        }
        all.push(told);
    }
    let exit = exit(&all, &diagnostics);
    if screen.json() {
        let files: Vec<_> = all.iter().map(FormatResult::to_json).collect();
        let left: Vec<String> = meant.links_out.iter().map(|link| link.display().to_string()).collect();
        let mut told = json!({"outcome": outcome(&all), "files": files, "diagnostics": diagnostics.to_json()});
        if !left.is_empty() {
            told["links_left_alone"] = left.into();
        }
        screen.data_or_warn(Output::json(&told));
    }
    show(&all, &diagnostics, screen);
    show_links(&meant.links_out, screen);
    Ok(exit)
}

/// Formats a file, or finds what would change in it.
fn file(file: &FileToFormat, check: bool, diagnostics: &mut Diagnostics) -> Result<FormatResult, Failure> {
    let name = file.path.display().to_string();
    let before = match fs::read_to_string(&file.real) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let message = format!("`{name}` is not UTF-8 text");
            diagnostics.push(Diagnostic::error("bad-encoding", message).help("Save it as UTF-8"));
            return Ok(FormatResult { file: name, state: FileState::Invalid, diff: String::new() });
        }
        Err(error) => return Err(Failure::Usage(format!("cannot read {name}: {error}"))),
    };
    let (told, after) = formatted_text(&name, before, check, diagnostics);
    if let (FileState::Formatted, Some(after)) = (told.state, after) {
        io::replace(&file.real, after.as_bytes()).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(told)
}

/// Formats a text; no text where it is not valid YAML.
fn formatted_text(
    name: &str,
    before: String,
    check: bool,
    diagnostics: &mut Diagnostics,
) -> (FormatResult, Option<String>) {
    let source = Source::new(name, before);
    let after = reformat(&source, diagnostics);
    let changed = after.as_ref().filter(|after| *after != source.text());
    let (state, diff) = match (&after, changed) {
        (None, _) => (FileState::Invalid, String::new()),
        (_, None) => (FileState::Unchanged, String::new()),
        (_, Some(after)) if check => (FileState::Unformatted, diff(name, source.text(), after)),
        _ => (FileState::Formatted, String::new()),
    };
    (FormatResult { file: name.to_owned(), state, diff }, after)
}

/// Formats standard input to standard output, for editors.
fn standard_input(check: bool, screen: Screen) -> VerbResult {
    let mut before = String::new();
    std::io::stdin().read_to_string(&mut before).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Failure::Usage("standard input is not UTF-8 text".to_owned()),
        _ => Failure::Broken(error.into()),
    })?;
    let mut diagnostics = Diagnostics::new();
    let (told, after) = formatted_text("standard input", before, check, &mut diagnostics);
    if screen.json() {
        let word = told.state.as_str();
        let mut all = json!({"outcome": word, "files": [told.to_json()], "diagnostics": diagnostics.to_json()});
        if let Some(after) = after {
            all["text"] = after.into();
        }
        screen.data(Output::json(&all))?;
    } else if let (Some(after), false) = (&after, check) {
        refuse_ci_commands(after)?;
        screen.data(Output::Exact(after.strip_suffix('\n').unwrap_or(after).to_owned()))?;
    } else if !told.diff.is_empty() {
        screen.data(told.diff.trim_end_matches('\n'))?;
    }
    if !diagnostics.is_empty() {
        show_messages(&diagnostics, screen);
    }
    Ok(exit(&[told], &diagnostics))
}

/// Refuses to print a text that the CI system would run as a command: it goes out byte for byte, as editors need it.
///
/// # Errors
/// [`Failure::Usage`] with the line, in a CI job.
fn refuse_ci_commands(text: &str) -> Result<(), Failure> {
    const JOBS: [&str; 4] = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"];
    let is_job =
        JOBS.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false"));
    let says = |line: &str| without_commands(line) != line;
    let Some(line) = text.lines().position(says).filter(|_| is_job) else { return Ok(()) };
    Err(Failure::Usage(format!(
        "line {} holds what the CI system would take for a command, so it is not printed here: name the file instead of \
         `-`, which formats it in its place",
        line + 1
    )))
}

fn exit(all: &[FormatResult], diagnostics: &Diagnostics) -> Exit {
    if diagnostics.has_errors() {
        return Exit::Invalid;
    }
    if all.iter().any(|told| told.state == FileState::Unformatted) { Exit::Failed } else { Exit::Done }
}

/// The worst state of all files.
fn outcome(all: &[FormatResult]) -> &'static str {
    let order = [FileState::Invalid, FileState::Unformatted, FileState::Formatted];
    let worst = order.into_iter().find(|state| all.iter().any(|told| told.state == *state));
    worst.unwrap_or(FileState::Unchanged).as_str()
}

fn show(all: &[FormatResult], diagnostics: &Diagnostics, screen: Screen) {
    if !diagnostics.is_empty() {
        show_messages(diagnostics, screen);
        screen.say(&counts(diagnostics));
    }
    let of = |state| all.iter().filter(|told| told.state == state).count();
    let (formatted, unformatted, invalid) =
        (of(FileState::Formatted), of(FileState::Unformatted), of(FileState::Invalid));
    let files = plural(all.len(), "file");
    let left = if invalid > 0 { format!(", {invalid} left as they are") } else { String::new() };
    screen.say(&match (formatted, unformatted) {
        (0, 0) => format!("{files}, nothing to change{left}"),
        (0, count) => format!("{files}, {count} not formatted{left}: `runsheet fmt` writes them"),
        (count, _) => format!("{files}, {count} formatted{left}"),
    });
}

/// Shows which links were left alone.
fn show_links(links: &[PathBuf], screen: Screen) {
    let Some(first) = links.first() else { return };
    let count = plural(links.len(), "link");
    let (lead, more) = match links.len() {
        1 => ("leads out of its folder and was", String::new()),
        many => ("lead out of their folders and were", format!(" and {} more", many - 1)),
    };
    let first = first.display().to_string();
    screen.say(&format!(
        "note: {count} {lead} left alone: {}{more}. To format the file behind a link, name the link itself",
        one_line(&first)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(states: &[FileState]) -> Vec<FormatResult> {
        let result = |state: &FileState| FormatResult { file: "a.yaml".to_owned(), state: *state, diff: String::new() };
        states.iter().map(result).collect()
    }

    #[test]
    fn the_outcome_is_the_worst_state_of_all_files() {
        for (states, word) in [
            (&[][..], "unchanged"),
            (&[FileState::Unchanged, FileState::Formatted], "formatted"),
            (&[FileState::Unformatted, FileState::Unchanged], "unformatted"),
            (&[FileState::Formatted, FileState::Invalid], "invalid"),
        ] {
            assert_eq!(outcome(&results(states)), word);
        }
    }

    #[test]
    fn only_a_check_that_would_change_a_file_fails() {
        let none = Diagnostics::new();
        assert_eq!(exit(&results(&[FileState::Formatted]), &none), Exit::Done);
        assert_eq!(exit(&results(&[FileState::Unchanged, FileState::Unformatted]), &none), Exit::Failed);
        let mut errors = Diagnostics::new();
        errors.push(Diagnostic::error("bad-encoding", "a"));
        assert_eq!(exit(&results(&[FileState::Unformatted, FileState::Invalid]), &errors), Exit::Invalid);
    }
}
