//! The verb `fmt`: each file read, laid out, proven to say the same, and written beside and renamed.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::files::files;
use super::shown::{State, Told, diff};
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure, counts, plural};
use crate::cli::fmt_args::FmtArgs;
use crate::cli::screen::Screen;
use crate::cli::told::tell_messages;
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
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
    for path in files(&args.paths)? {
        let told = file(&path, args.check, &mut diagnostics)?;
        if !screen.json() {
            match told.state {
                State::Formatted => screen.data(&format!("Formatted {}", told.file))?,
                State::Unformatted => screen.data(told.diff.trim_end_matches('\n'))?,
                State::Unchanged | State::Invalid => {}
            }
        }
        all.push(told);
    }
    let exit = exit(&all, &diagnostics);
    if screen.json() {
        let files: Vec<_> = all.iter().map(Told::to_json).collect();
        let told = json!({"outcome": outcome(&all), "files": files, "diagnostics": diagnostics.to_json()});
        screen.data(&told.to_string())?;
    }
    tell(&all, &diagnostics, screen);
    Ok(exit)
}

/// Formats a file, or says what would change in it.
fn file(path: &Path, check: bool, diagnostics: &mut Diagnostics) -> Result<Told, Failure> {
    let name = path.display().to_string();
    let told = |state, diff| Told { file: name.clone(), state, diff };
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let message = format!("`{name}` is not UTF-8 text");
            diagnostics.push(Diagnostic::error("bad-encoding", message).help("Save it as UTF-8"));
            return Ok(told(State::Invalid, String::new()));
        }
        Err(error) => return Err(Failure::Usage(format!("cannot read {name}: {error}"))),
    };
    let source = Source::new(name.clone(), before);
    let Some(after) = reformat(&source, diagnostics) else { return Ok(told(State::Invalid, String::new())) };
    if after == source.text() {
        return Ok(told(State::Unchanged, String::new()));
    }
    if check {
        return Ok(told(State::Unformatted, diff(&name, source.text(), &after)));
    }
    let real: PathBuf = fs::canonicalize(path).with_context(|| name.clone())?;
    io::replace(&real, after.as_bytes()).with_context(|| format!("cannot write {name}"))?;
    Ok(told(State::Formatted, String::new()))
}

/// Standard input to standard output, as editors ask for it.
fn standard_input(check: bool, screen: Screen) -> Ended {
    let mut before = String::new();
    std::io::stdin().read_to_string(&mut before).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Failure::Usage("standard input is not UTF-8 text".to_owned()),
        _ => Failure::Broken(error.into()),
    })?;
    let mut diagnostics = Diagnostics::new();
    let source = Source::new("standard input", before);
    let Some(after) = reformat(&source, &mut diagnostics) else {
        if screen.json() {
            let file = json!({"file": "standard input", "state": State::Invalid.as_str()});
            let told = json!({"outcome": "invalid", "files": [file], "diagnostics": diagnostics.to_json()});
            screen.data(&told.to_string())?;
        }
        tell_messages(&diagnostics, screen);
        return Ok(Exit::Invalid);
    };
    let changed = after != source.text();
    let state = match (changed, check) {
        (false, _) => State::Unchanged,
        (true, false) => State::Formatted,
        (true, true) => State::Unformatted,
    };
    let shown = if changed && check { diff("standard input", source.text(), &after) } else { String::new() };
    let told = [Told { file: "standard input".to_owned(), state, diff: shown }];
    if screen.json() {
        let files: Vec<_> = told.iter().map(Told::to_json).collect();
        let told = json!({"outcome": state.as_str(), "files": files, "diagnostics": [], "text": after});
        screen.data(&told.to_string())?;
    } else if !check {
        screen.data(after.strip_suffix('\n').unwrap_or(&after))?;
    } else if changed {
        screen.data(told[0].diff.trim_end_matches('\n'))?;
    }
    Ok(exit(&told, &diagnostics))
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
