//! Prints the completion script of a shell.

use clap_complete::{Shell, generate};

use crate::cli::args::{CompletionsArgs, command_line};
use crate::cli::output::{Exit, Output, Screen, VerbResult};

/// Runs `completions SHELL`.
pub(crate) fn completions(args: &CompletionsArgs, screen: Screen) -> VerbResult {
    let script = match args.shell {
        Shell::Bash => include_str!("runsheet.bash").to_owned(),
        Shell::Zsh => include_str!("_runsheet.zsh").to_owned(),
        Shell::Fish => include_str!("runsheet.fish").to_owned(),
        other => {
            let mut script = Vec::new();
            generate(other, &mut command_line(), "runsheet", &mut script);
            String::from_utf8_lossy(&script).into_owned()
        }
    };
    screen.data(Output::Exact(script.trim_end().to_owned()))?;
    Ok(Exit::Done)
}
