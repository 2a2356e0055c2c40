//! The verbs `completions` and `man`: what shells and readers of manuals want, made from the command line's definition.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};

use crate::cli::args::{CommandLine, CompletionsArgs, ManArgs};
use crate::cli::output::{Data, Ended, Exit, Screen};
use crate::diagnostic::plural;

/// Runs `completions SHELL`.
pub(crate) fn completions(args: &CompletionsArgs, screen: Screen) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut CommandLine::command(), "runsheet", &mut script);
    screen.data(Data::Exact(String::from_utf8_lossy(&script).trim_end().to_owned()))?;
    Ok(Exit::Done)
}

/// Runs `man [DIR]`.
pub(crate) fn man(args: &ManArgs, screen: Screen) -> Ended {
    let mut command = CommandLine::command();
    command.build();
    let Some(folder) = &args.folder else {
        screen.data(Data::Exact(page(command)?.trim_end().to_owned()))?;
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).with_context(|| format!("the folder {}", folder.display()))?;
    let mut written = 0;
    write(&command, "", folder, &mut written)?;
    screen.talk(&format!("{} written to {}", plural(written, "page"), folder.display()));
    Ok(Exit::Done)
}

/// Writes the page of a command and those of the commands below it: `runsheet-runs-show.1`.
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
