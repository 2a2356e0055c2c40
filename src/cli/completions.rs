//! The verbs `completions` and `man`: shell completions and manual pages, made from the definition of the command line.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};

use crate::cli::args::{CommandLine, CompletionsArgs, ManArgs};
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::plural;

/// Runs `completions SHELL`.
pub(crate) fn completions(args: &CompletionsArgs, screen: Screen) -> VerbResult {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut CommandLine::command(), "runsheet", &mut script);
    screen.data(Output::Exact(String::from_utf8_lossy(&script).trim_end().to_owned()))?;
    Ok(Exit::Done)
}

/// Runs `man [DIR]`.
pub(crate) fn man(args: &ManArgs, screen: Screen) -> VerbResult {
    let mut command = CommandLine::command();
    command.build();
    let Some(folder) = &args.folder else {
        screen.data(Output::Exact(page(command)?.trim_end().to_owned()))?;
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).with_context(|| format!("the folder {}", folder.display()))?;
    let mut written = 0;
    write(&command, "", folder, &mut written)?;
    screen.say(&format!("{} written to {}", plural(written, "page"), folder.display()));
    Ok(Exit::Done)
}

/// Writes the page of a command and the pages of its subcommands, such as `runsheet-runs-show.1`.
fn write(command: &Command, above: &str, folder: &Path, written: &mut usize) -> anyhow::Result<()> {
    let name = if above.is_empty() { command.get_name().to_owned() } else { format!("{above}-{}", command.get_name()) };
    let file = folder.join(format!("{name}.1"));
    fs::write(&file, page(command.clone())?).with_context(|| file.display().to_string())?;
    *written += 1;
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    verbs.into_iter().try_for_each(|verb| write(verb, &name, folder, written))
}

fn page(command: Command) -> io::Result<String> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command).render(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
