//! The verb `fmt`: each file read, laid out, proven to say the same, and written beside and renamed.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::files::{MeantFile, files};
use super::render::{State, Told, diff};
use crate::cli::args::FmtArgs;
use crate::cli::output::{Data, Ended, Exit, Failure, Screen, counts, tell_messages};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, one_line, plural, without_commands};
use crate::io;
use crate::yaml::reformat;

/// Runs `fmt [--check] PATH…`.
pub(crate) fn fmt(args: &FmtArgs, screen: Screen) -> Ended {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return match args.paths.as_slice() {
            [_] => standard_input(args.check, screen),
            _ => Err(Failure::Usage("`-` is standard input, and goes with no other path".to_owned())),
        };
    }
    let mut diagnostics = Diagnostics::new();
    let mut all = Vec::new();
    let meant = files(&args.paths)?;
    for one in &meant.files {
        let told = file(one, args.check, &mut diagnostics)?;
        if !screen.json() {
            match told.state {
                State::Formatted => screen.conclude(format!("Formatted {}", told.file)),
                State::Unformatted => screen.conclude(told.diff.trim_end_matches('\n')),
                State::Unchanged | State::Invalid => {}
            }
        }
        all.push(told);
    }
    let exit = exit(&all, &diagnostics);
    if screen.json() {
        let files: Vec<_> = all.iter().map(Told::to_json).collect();
        let left: Vec<String> = meant.links_out.iter().map(|link| link.display().to_string()).collect();
        let mut told = json!({"outcome": outcome(&all), "files": files, "diagnostics": diagnostics.to_json()});
        if !left.is_empty() {
            told["links_left_alone"] = left.into();
        }
        screen.conclude(Data::json(&told));
    }
    tell(&all, &diagnostics, screen);
    tell_links(&meant.links_out, screen);
    Ok(exit)
}

/// Formats a file, or says what would change in it.
fn file(file: &MeantFile, check: bool, diagnostics: &mut Diagnostics) -> Result<Told, Failure> {
    let name = file.path.display().to_string();
    let before = match fs::read_to_string(&file.real) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let message = format!("`{name}` is not UTF-8 text");
            diagnostics.push(Diagnostic::error("bad-encoding", message).help("Save it as UTF-8"));
            return Ok(Told { file: name, state: State::Invalid, diff: String::new() });
        }
        Err(error) => return Err(Failure::Usage(format!("cannot read {name}: {error}"))),
    };
    let (told, after) = laid_out(&name, before, check, diagnostics);
    if let (State::Formatted, Some(after)) = (told.state, after) {
        io::replace(&file.real, after.as_bytes()).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(told)
}

/// A text laid out, and what that comes to; no text where it cannot be read.
fn laid_out(name: &str, before: String, check: bool, diagnostics: &mut Diagnostics) -> (Told, Option<String>) {
    let source = Source::new(name, before);
    let after = reformat(&source, diagnostics);
    let changed = after.as_ref().filter(|after| *after != source.text());
    let (state, diff) = match (&after, changed) {
        (None, _) => (State::Invalid, String::new()),
        (_, None) => (State::Unchanged, String::new()),
        (_, Some(after)) if check => (State::Unformatted, diff(name, source.text(), after)),
        _ => (State::Formatted, String::new()),
    };
    (Told { file: name.to_owned(), state, diff }, after)
}

/// Standard input to standard output, as editors ask for it.
fn standard_input(check: bool, screen: Screen) -> Ended {
    let mut before = String::new();
    std::io::stdin().read_to_string(&mut before).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Failure::Usage("standard input is not UTF-8 text".to_owned()),
        _ => Failure::Broken(error.into()),
    })?;
    let mut diagnostics = Diagnostics::new();
    let (told, after) = laid_out("standard input", before, check, &mut diagnostics);
    if screen.json() {
        let word = told.state.as_str();
        let mut all = json!({"outcome": word, "files": [told.to_json()], "diagnostics": diagnostics.to_json()});
        if let Some(after) = after {
            all["text"] = after.into();
        }
        screen.data(Data::json(&all))?;
    } else if let (Some(after), false) = (&after, check) {
        for_programs(after)?;
        screen.data(Data::Exact(after.strip_suffix('\n').unwrap_or(after).to_owned()))?;
    } else if !told.diff.is_empty() {
        screen.data(told.diff.trim_end_matches('\n'))?;
    }
    if !diagnostics.is_empty() {
        tell_messages(&diagnostics, screen);
    }
    Ok(exit(&[told], &diagnostics))
}

/// A file's text goes out byte for byte, as editors need it. In the log of a CI job some of it would be carried out.
fn for_programs(text: &str) -> Result<(), Failure> {
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

fn exit(all: &[Told], diagnostics: &Diagnostics) -> Exit {
    if diagnostics.has_errors() {
        return Exit::Invalid;
    }
    if all.iter().any(|told| told.state == State::Unformatted) { Exit::Failed } else { Exit::Done }
}

/// What all of it came to: what is worst, in one word.
fn outcome(all: &[Told]) -> &'static str {
    let order = [State::Invalid, State::Unformatted, State::Formatted];
    let worst = order.into_iter().find(|state| all.iter().any(|told| told.state == *state));
    worst.unwrap_or(State::Unchanged).as_str()
}

fn tell(all: &[Told], diagnostics: &Diagnostics, screen: Screen) {
    if !diagnostics.is_empty() {
        tell_messages(diagnostics, screen);
        screen.talk(&counts(diagnostics));
    }
    let of = |state| all.iter().filter(|told| told.state == state).count();
    let (formatted, unformatted, invalid) = (of(State::Formatted), of(State::Unformatted), of(State::Invalid));
    let files = plural(all.len(), "file");
    let left = if invalid > 0 { format!(", {invalid} left as they are") } else { String::new() };
    screen.talk(&match (formatted, unformatted) {
        (0, 0) => format!("{files}, nothing to change{left}"),
        (0, count) => format!("{files}, {count} not formatted{left}: `runsheet fmt` writes them"),
        (count, _) => format!("{files}, {count} formatted{left}"),
    });
}

/// Says once which links were left alone.
fn tell_links(links: &[PathBuf], screen: Screen) {
    let Some(first) = links.first() else { return };
    let count = plural(links.len(), "link");
    let (lead, more) = match links.len() {
        1 => ("leads out of its folder and was", String::new()),
        many => ("lead out of their folders and were", format!(" and {} more", many - 1)),
    };
    let first = first.display().to_string();
    screen.talk(&format!(
        "note: {count} {lead} left alone: {}{more}. To format the file behind a link, name the link itself",
        one_line(&first)
    ));
}
