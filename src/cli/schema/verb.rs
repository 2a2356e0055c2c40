//! Prints a schema, or lists them.

use std::path::Path;

use super::operation::operation;
use super::playbook::playbook;
use super::provider::provider;
use super::settings::settings;
use super::test::test;
use super::told::{events, summary};
use crate::cli::args::{Common, SchemaArgs, SchemaName};
use crate::cli::context::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Ended;
use crate::cli::screen::Screen;
use crate::operate;

/// Runs `schema [NAME]`.
pub(crate) fn schema(args: &SchemaArgs, common: &Common, screen: Screen) -> Ended {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    let schema = match args.name {
        None => {
            screen.data(
                "playbook   a playbook, with the inputs of every operation that is known\nsettings   runsheet.yaml\n\
                 test       a test file, *.test.yaml beside a playbook\n\
                 provider   a provider's own file, provider.yaml\noperation  the file of one operation of a provider\n\
                 events     one line of what `--events` writes\nsummary    what `--format json` prints at the end of a run",
            )?;
            return Ok(Exit::Done);
        }
        Some(SchemaName::Playbook) => playbook(&registry),
        Some(SchemaName::Test) => test(&registry),
        Some(SchemaName::Settings) => settings(&registry),
        Some(SchemaName::Provider) => provider(),
        Some(SchemaName::Operation) => operation(),
        Some(SchemaName::Events) => events(),
        Some(SchemaName::Summary) => summary(),
    };
    screen.data(&serde_json::to_string_pretty(&schema).map_err(anyhow::Error::from)?)?;
    Ok(Exit::Done)
}
