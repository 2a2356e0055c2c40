//! Prints a schema, or lists them.

use std::path::Path;

use super::playbook::playbook;
use super::settings::settings;
use crate::cli::args::{Common, SchemaArgs, SchemaName};
use crate::cli::exit::Exit;
use crate::cli::failure::Ended;
use crate::cli::load;
use crate::cli::screen::Screen;

/// Runs `schema [NAME]`.
pub(crate) fn schema(args: &SchemaArgs, common: &Common, screen: Screen) -> Ended {
    let registry = load::registry(Path::new(""), common)?;
    let schema = match args.name {
        None => {
            screen.data(
                "playbook  a playbook, with the inputs of every operation that is known\nsettings  runsheet.yaml",
            )?;
            return Ok(Exit::Done);
        }
        Some(SchemaName::Playbook) => playbook(&registry),
        Some(SchemaName::Settings) => settings(&registry),
    };
    screen.data(&serde_json::to_string_pretty(&schema).map_err(anyhow::Error::from)?)?;
    Ok(Exit::Done)
}
