//! The verb `completions`: the completion script of a shell.

use clap_complete::generate;

use crate::cli::args::{CompletionsArgs, command_line};
use crate::cli::output::{Exit, Output, Screen, VerbResult};

/// Runs `completions SHELL`.
pub(crate) fn completions(args: &CompletionsArgs, screen: Screen) -> VerbResult {
    let mut script = Vec::new();
    generate(args.shell, &mut command_line(), "runsheet", &mut script);
    screen.data(Output::Exact(String::from_utf8_lossy(&script).trim_end().to_owned()))?;
    Ok(Exit::Done)
}
