//! Prints the completion script of a shell.

use clap_complete::{Shell, generate};

use crate::cli::args::{CompletionsArgs, command_line};
use crate::cli::output::{Exit, Output, Screen, VerbResult};

/// The scripts that ask the program.
const OWN: [(Shell, &str); 3] = [
    (Shell::Bash, include_str!("runsheet.bash")),
    (Shell::Zsh, include_str!("_runsheet.zsh")),
    (Shell::Fish, include_str!("runsheet.fish")),
];

/// Runs `completions SHELL`.
pub(crate) fn completions(args: &CompletionsArgs, screen: Screen) -> VerbResult {
    let own = OWN.into_iter().find(|(shell, _)| *shell == args.shell);
    let script = own.map(|(_, script)| script.to_owned()).unwrap_or_else(|| {
        let mut script = Vec::new();
        generate(args.shell, &mut command_line(), "runsheet", &mut script);
        String::from_utf8_lossy(&script).into_owned()
    });
    screen.data(Output::Exact(script.trim_end().to_owned()))?;
    Ok(Exit::Done)
}
