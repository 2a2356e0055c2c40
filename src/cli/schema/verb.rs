//! Prints a schema, or lists them.

use std::path::Path;

use serde_json::json;

use super::generate::file_schema;
use super::run_output::{events, report, story, summary};
use crate::cli::args::{Common, SchemaArgs, SchemaName};
use crate::cli::context::context;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::language::LanguageFile;
use crate::operate;

/// The names of the schemas, and the file that each describes.
const NAMES: [(&str, &str); 9] = [
    ("playbook", "a playbook, with the inputs of every operation that is known"),
    ("settings", "runsheet.yaml"),
    ("test", "a test file, *.test.yaml beside a playbook"),
    ("provider", "a provider's own file, provider.yaml"),
    ("operation", "the file of one operation of a provider"),
    ("events", "one line of what `--events` writes"),
    ("summary", "what `--format json` prints at the end of a run"),
    ("story", "what `why --format json` prints"),
    ("report", "what `report RUN --format json` prints"),
];

fn listed(json: bool) -> Output {
    if json {
        return Output::json(&NAMES.iter().map(|(name, of)| json!({"name": name, "of": of})).collect());
    }
    let lines: Vec<String> = NAMES.iter().map(|(name, of)| format!("{name:<9}  {of}")).collect();
    lines.join("\n").into()
}

/// Runs `schema [NAME]`.
pub(crate) fn schema(args: &SchemaArgs, common: &Common, screen: Screen) -> VerbResult {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    let schema = match args.name {
        None => {
            screen.data(listed(screen.json()))?;
            return Ok(Exit::Done);
        }
        Some(SchemaName::Playbook) => file_schema(LanguageFile::Playbook, &registry),
        Some(SchemaName::Test) => file_schema(LanguageFile::Test, &registry),
        Some(SchemaName::Settings) => file_schema(LanguageFile::Settings, &registry),
        Some(SchemaName::Provider) => file_schema(LanguageFile::Provider, &registry),
        Some(SchemaName::Operation) => file_schema(LanguageFile::Operation, &registry),
        Some(SchemaName::Events) => events(),
        Some(SchemaName::Summary) => summary(),
        Some(SchemaName::Story) => story(),
        Some(SchemaName::Report) => report(),
    };
    screen.data(Output::Json(serde_json::to_string_pretty(&schema).map_err(anyhow::Error::from)?))?;
    Ok(Exit::Done)
}
