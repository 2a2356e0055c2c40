//! Writes an example or a starter into a folder, and shows the commands to try next.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;

use super::choice::{self, Choice};
use super::draft::Draft;
use super::examples::Example;
use super::files::{NewFile, refuse_existing, write_all};
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
const STARTER: [&str; 7] = [
    "playbook.yaml",
    "rows.csv",
    "playbook.test.yaml",
    "runsheet.yaml",
    "schemas/playbook.schema.json",
    "schemas/settings.schema.json",
    "schemas/test.schema.json",
];

/// The schemas that the files of an example name, below its folder.
const EXAMPLE_SCHEMAS: [&str; 2] = ["schemas/playbook.schema.json", "schemas/test.schema.json"];

/// Runs `new [DIR] [--example [NAME] | --from OPERATION…]`.
pub(crate) fn new(args: &NewArgs, common: &Common, screen: Screen) -> VerbResult {
    let context = context(common, screen);
    match choice::choose(args, screen)? {
        Choice::List => screen.data(choice::list(screen))?,
        Choice::Example(example, folder) => write_example(example, in_it(&folder), &context, screen)?,
        Choice::Starter(from, folder) => write_starter(&from, in_it(&folder), &context, screen)?,
    }
    Ok(Exit::Done)
}

/// The folder as the beginning of a path: nothing for the current one.
fn in_it(folder: &Path) -> &Path {
    if folder == Path::new(".") { Path::new("") } else { folder }
}

/// Writes an example. Schemas that are there already stay: they may know providers of the user's own, and another example may
/// have brought them.
fn write_example(example: &Example, folder: &Path, context: &Context, screen: Screen) -> Result<(), Failure> {
    let mut files: Vec<NewFile> =
        example.files().into_iter().map(|(name, content)| (folder.join(name), content)).collect();
    refuse_existing(files.iter().map(|(path, _)| path))?;
    let (registry, _) = operate::registry_and_folder(folder, context)?;
    let schemas = [LanguageFile::Playbook, LanguageFile::Test].map(|file| file_schema(file, &registry));
    for (name, schema) in EXAMPLE_SCHEMAS.iter().zip(&schemas) {
        let path = folder.join(name);
        if path.symlink_metadata().is_err() {
            files.push((path, Cow::Owned(pretty(schema)?.into_bytes())));
        }
    }
    write_all(&files)?;
    let connections = example.providers().iter().map(|name| format!("runsheet operations {name}")).collect();
    let last = Last {
        text: "The settings file runsheet.yaml says where another environment sends. What its connection needs:",
        commands: connections,
    };
    show(&files, &last, screen);
    Ok(())
}

/// Writes a starter for these operations.
fn write_starter(from: &[String], folder: &Path, context: &Context, screen: Screen) -> Result<(), Failure> {
    let paths = STARTER.map(|name| folder.join(name));
    // Checked first: existing files may be wrong, and are not read.
    refuse_existing(paths.iter())?;
    let texts = starter_texts(folder, from, context)?;
    if let Some(above) = operate::find_settings(folder).into_iter().next() {
        screen.say(&format!("note: {} no longer applies to this folder, which has its own settings", above.display()));
    }
    let files: Vec<NewFile> = paths.into_iter().zip(texts.map(|text| Cow::Owned(text.into_bytes()))).collect();
    write_all(&files)?;
    let production = Last {
        text: "Then put your accounts into runsheet.yaml, and look at what would be sent to them:",
        commands: vec![format!("runsheet plan {} --env {}", first(&files), settings::ENVIRONMENT)],
    };
    show(&files, &production, screen);
    Ok(())
}

/// The texts of the files, in the order of [`STARTER`].
fn starter_texts(folder: &Path, from: &[String], context: &Context) -> Result<[String; 7], Failure> {
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

fn pretty(schema: &crate::model::Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(schema).context("a schema")? + "\n")
}

/// What to do once the sandbox is known: a sentence, and its commands.
struct Last {
    text: &'static str,
    commands: Vec<String>,
}

/// The first of the files, the playbook, as a word of the shell.
fn first(files: &[NewFile]) -> String {
    files.first().map(|(path, _)| shell_path(path)).unwrap_or_default()
}

fn show(files: &[NewFile], last: &Last, screen: Screen) {
    let playbook = first(files);
    let next: Vec<String> = ["check", "test", "plan", "run"].map(|verb| format!("runsheet {verb} {playbook}")).into();
    let files: Vec<&PathBuf> = files.iter().map(|(path, _)| path).collect();
    if screen.json() {
        let told = json!({"outcome": "written", "files": files, "next": next, "then": last.commands});
        return screen.data_or_warn(Output::json(&told));
    }
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| format!("  {line}\n")).collect::<String>();
    let text = format!(
        "Written:\n{}\nTry next, on the sandbox; nothing reaches a vendor:\n{}\n{}\n{}",
        lines(files.iter().map(|path| path.display().to_string()).collect()),
        lines(next),
        last.text,
        lines(last.commands.clone()).trim_end()
    );
    screen.data_or_warn(text);
}
