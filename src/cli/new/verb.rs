//! Writes a starter into a folder, never over a file, and shows the commands to try next.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;

use super::draft::Draft;
use super::{playbook, settings, tests_file};
use crate::cli::args::{Common, NewArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult};
use crate::cli::schema::file_schema;
use crate::diagnostic::shell_path;
use crate::language::LanguageFile;
use crate::operate::{self, Context};
use crate::provider::{Operation, Registry};

/// The files of a starter, below its folder.
const FILES: [&str; 7] = [
    "playbook.yaml",
    "rows.csv",
    "playbook.test.yaml",
    "runsheet.yaml",
    "schemas/playbook.schema.json",
    "schemas/settings.schema.json",
    "schemas/test.schema.json",
];

/// Runs `new [DIR] [--from OPERATION…]`.
pub(crate) fn new(args: &NewArgs, common: &Common, screen: Screen) -> VerbResult {
    let folder = if args.folder == Path::new(".") { Path::new("") } else { &args.folder };
    let paths = FILES.map(|name| folder.join(name));
    // Checked first: existing files may be wrong, and are not read.
    refuse_existing(&paths)?;
    let texts = texts(folder, &args.from, &context(common, screen))?;
    if let Some(above) = operate::find_settings(folder).into_iter().next() {
        screen.say(&format!("note: {} no longer applies to this folder, which has its own settings", above.display()));
    }
    for (number, (path, text)) in paths.iter().zip(&texts).enumerate() {
        if let Err(failure) = write(path, text) {
            // No half starter is left; a file that cannot be removed stays.
            paths.iter().take(number).for_each(|path| drop(fs::remove_file(path)));
            return Err(failure);
        }
    }
    show(&paths, screen);
    Ok(Exit::Done)
}

/// The texts of the files, in the order of [`FILES`].
fn texts(folder: &Path, from: &[String], context: &Context) -> Result<[String; 7], Failure> {
    let (registry, own) = operate::registry_and_folder(folder, context)?;
    let draft = Draft::new(chosen_operations(&registry, from)?);
    let own = own.map(std::path::absolute).transpose()?;
    Ok([
        playbook::text(&draft),
        // With a byte order mark, so that a spreadsheet reads and saves UTF-8.
        format!("\u{feff}{}", playbook::cells(&draft)?),
        tests_file::text(&draft),
        settings::text(&draft, own.as_deref()),
        pretty(&file_schema(LanguageFile::Playbook, &registry))?,
        pretty(&file_schema(LanguageFile::Settings, &registry))?,
        pretty(&file_schema(LanguageFile::Test, &registry))?,
    ])
}

/// The operations that are named, or the open one (`http.request`) where none is.
fn chosen_operations(registry: &Registry, from: &[String]) -> Result<Vec<Arc<Operation>>, Failure> {
    if from.is_empty() {
        return Ok(registry.operations().filter(|operation| operation.open).take(1).cloned().collect());
    }
    let mut mistakes = Vec::new();
    let mut found = Vec::new();
    for name in from {
        match registry.operation(name) {
            Ok(operation) => found.push(operation),
            Err(error) => {
                let help = error.help.map(|help| format!(" {help}")).unwrap_or_default();
                mistakes.push(format!("{}.{help}", error.message.trim_end_matches('.')));
            }
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(Failure::Usage(mistakes.join("\n"))) }
}

/// Refuses to write where one of the files exists.
fn refuse_existing(paths: &[PathBuf]) -> Result<(), Failure> {
    let there = paths.iter().filter(|path| path.symlink_metadata().is_ok());
    let there: Vec<String> = there.map(|path| format!("`{}`", path.display())).collect();
    if there.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} {} already, and `new` never writes over a file: nothing was written; name an empty or a new folder",
        there.join(", "),
        if there.len() == 1 { "exists" } else { "exist" }
    )))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let unusable = |error: &std::io::Error| Failure::Usage(format!("cannot write `{}`: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::Usage(format!("`{}` was made by somebody else just now", path.display())),
        _ => unusable(&error),
    })
}

fn pretty(schema: &crate::model::Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(schema).context("a schema")? + "\n")
}

fn show(paths: &[PathBuf], screen: Screen) {
    let playbook = paths.first().map(|path| shell_path(path)).unwrap_or_default();
    let next = ["check", "test", "plan", "run"].map(|verb| format!("runsheet {verb} {playbook}"));
    let files: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    if screen.json() {
        let told = json!({"outcome": "written", "files": files, "next": next});
        return screen.data_or_warn(Output::json(&told));
    }
    let lines = |lines: &[String]| lines.iter().map(|line| format!("  {line}\n")).collect::<String>();
    let text = format!(
        "Written:\n{}\nTry next, on the sandbox; nothing reaches a vendor:\n{}\n\
         Then put your accounts into runsheet.yaml and add `--env {}`.",
        lines(&files),
        lines(&next),
        settings::ENVIRONMENT
    );
    screen.data_or_warn(text);
}
