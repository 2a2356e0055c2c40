//! The verb `man`: manual pages, made from the definition of the command line and the texts of the verbs.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use clap::{Arg, ArgAction, Command};
use roff::{Inline, Roff, bold, italic, roman};

use crate::cli::args::{ManArgs, VerbText, command_line, text_of};
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::plural;

/// Runs `man [DIR]`.
pub(crate) fn man(args: &ManArgs, screen: Screen) -> VerbResult {
    let mut command = command_line();
    command.build();
    let Some(folder) = &args.folder else {
        screen.data(Output::Exact(page(&command, "")?.trim_end().to_owned()))?;
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).with_context(|| format!("the folder {}", folder.display()))?;
    let written = write(&command, "", folder)?;
    screen.say(&format!("{} written to {}", plural(written, "page"), folder.display()));
    Ok(Exit::Done)
}

/// Writes the page of a command and the pages of those below it, such as `runsheet-runs-show.1`. Returns how many.
fn write(command: &Command, path: &str, folder: &Path) -> anyhow::Result<usize> {
    let file = folder.join(format!("{}.1", page_name(path)));
    fs::write(&file, page(command, path)?).with_context(|| file.display().to_string())?;
    below(command, path).try_fold(1, |written, (verb, path)| Ok(written + write(verb, &path, folder)?))
}

/// The commands below a command that have pages, with what is typed for each after the program's name.
fn below<'a>(command: &'a Command, path: &'a str) -> impl Iterator<Item = (&'a Command, String)> {
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    verbs.map(move |verb| (verb, format!("{path} {}", verb.get_name()).trim_start().to_owned()))
}

/// The name of a page: `runsheet-runs-show` for `runs show`.
fn page_name(path: &str) -> String {
    format!("runsheet {path}").trim_end().replace(' ', "-")
}

fn page(command: &Command, path: &str) -> io::Result<String> {
    // Without a date: the version says how old a page is.
    let version = env!("CARGO_PKG_VERSION");
    let mut bytes = format!(".TH {} 1 \"\" \"runsheet {version}\" \"runsheet manual\"\n", page_name(path)).into_bytes();
    let mut roff = Roff::new();
    roff.control("SH", ["NAME"]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.text([roman(format!("{} - {about}", page_name(path)))]);
    synopsis(&mut roff, command);
    if let Some(text) = text_of(path) {
        roff.control("SH", ["DESCRIPTION"]);
        paragraphs(&mut roff, text.text, "PP");
        options(&mut roff, command, path);
        verbs(&mut roff, command, path);
        exit_status(&mut roff, text);
        environment(&mut roff, command, path);
        files(&mut roff, text);
        examples(&mut roff, text);
        see_also(&mut roff, text);
    }
    roff.to_writer(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn synopsis(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["SYNOPSIS"]);
    let usage = command.clone().render_usage().to_string();
    for (number, line) in usage.trim_start_matches("Usage: ").lines().enumerate() {
        if number > 0 {
            roff.control("br", []);
        }
        let (name, rest) = line.trim().split_once(" [").map_or((line.trim(), ""), |(name, rest)| (name, rest));
        let bracket = if rest.is_empty() { "" } else { " [" };
        roff.text([bold(name), roman(format!("{bracket}{rest}"))]);
    }
}

/// Writes paragraphs. Those whose lines begin with two blanks are tables, and keep their lines.
fn paragraphs(roff: &mut Roff, text: &str, macro_between: &str) {
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            roff.control(macro_between, []);
        }
        if paragraph.starts_with("  ") {
            roff.control("nf", []);
            for line in paragraph.lines() {
                roff.text([roman(line)]);
            }
            roff.control("fi", []);
        } else {
            roff.text(words(paragraph));
        }
    }
}

/// A text whose words between backticks are bold.
fn words(text: &str) -> Vec<Inline> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = line.split('`').enumerate();
    parts.map(|(number, part)| if number % 2 == 0 { roman(part) } else { bold(part) }).collect()
}

fn options(roff: &mut Roff, command: &Command, path: &str) {
    let all: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let everywhere = |arg: &&Arg| arg.get_help_heading() == Some("Everywhere");
    roff.control("SH", ["OPTIONS"]);
    for arg in all.iter().filter(|arg| arg.get_help_heading().is_none()) {
        option(roff, arg);
    }
    let mut headings: Vec<&str> = Vec::new();
    for heading in all.iter().filter_map(|arg| arg.get_help_heading()).filter(|heading| *heading != "Everywhere") {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        roff.control("SS", [heading]);
        all.iter().filter(|arg| arg.get_help_heading() == Some(heading)).for_each(|arg| option(roff, arg));
    }
    roff.control("SS", ["Everywhere"]);
    if path.is_empty() {
        all.iter().filter(|arg| everywhere(arg)).for_each(|arg| option(roff, arg));
        return;
    }
    let mut line = vec![roman("Every verb takes these options, which ")];
    line.extend([bold("runsheet"), roman("(1) explains: ")]);
    for (number, arg) in all.iter().filter(|arg| everywhere(arg)).enumerate() {
        line.push(roman(if number > 0 { ", " } else { "" }));
        line.push(bold(format!("--{}", arg.get_long().unwrap_or_default())));
    }
    line.push(roman("."));
    roff.text(line);
}

fn option(roff: &mut Roff, arg: &Arg) {
    let names = arg.get_short().map(|short| format!("-{short}")).into_iter();
    let names: Vec<String> = names.chain(arg.get_long().map(|long| format!("--{long}"))).collect();
    let mut head = Vec::new();
    for (number, name) in names.iter().enumerate() {
        head.push(roman(if number > 0 { ", " } else { "" }));
        head.push(bold(name));
    }
    if matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        head.push(roman(if names.is_empty() { "" } else { " " }));
        head.push(italic(arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default()));
    }
    roff.control("TP", []);
    roff.text(head);
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    // The section on the environment has its variable.
    let help = help.rsplit_once("\n[env: ").map_or(help.as_str(), |(help, _)| help);
    paragraphs(roff, help, "IP");
}

fn verbs(roff: &mut Roff, command: &Command, path: &str) {
    let mut verbs = below(command, path).peekable();
    if verbs.peek().is_none() {
        return;
    }
    roff.control("SH", ["COMMANDS"]);
    for (verb, path) in verbs {
        roff.control("TP", []);
        roff.text([bold(page_name(&path)), roman("(1)")]);
        roff.text([roman(verb.get_about().map(ToString::to_string).unwrap_or_default())]);
    }
}

fn exit_status(roff: &mut Roff, text: &VerbText) {
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in text.exits {
        roff.control("TP", []);
        roff.text([bold(code.to_string())]);
        roff.text(words(meaning));
    }
}

fn environment(roff: &mut Roff, command: &Command, path: &str) {
    let own = |arg: &&Arg| path.is_empty() || arg.get_help_heading() != Some("Everywhere");
    let args: Vec<&Arg> =
        command.get_arguments().filter(|arg| arg.get_env().is_some() && !arg.is_hide_set()).filter(own).collect();
    if args.is_empty() {
        return;
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for arg in args {
        roff.control("TP", []);
        roff.text([bold(arg.get_env().unwrap_or_default().to_string_lossy())]);
        roff.text([roman("Stands for "), bold(format!("--{}", arg.get_long().unwrap_or_default())), roman(".")]);
    }
    if path.is_empty() {
        roff.control("TP", []);
        roff.text([bold("NO_COLOR")]);
        roff.text(words("If it is set and not empty, standard error has no colours."));
        roff.control("TP", []);
        roff.text([bold("XDG_STATE_HOME")]);
        roff.text(words("Folder of the folder `runsheet` with the runs."));
    }
}

fn files(roff: &mut Roff, text: &VerbText) {
    if text.files.is_empty() {
        return;
    }
    roff.control("SH", ["FILES"]);
    for (file, what) in text.files {
        roff.control("TP", []);
        roff.text([italic(*file)]);
        roff.text(words(what));
    }
}

fn examples(roff: &mut Roff, text: &VerbText) {
    roff.control("SH", ["EXAMPLES"]);
    for (number, example) in text.examples.iter().enumerate() {
        if number > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(format!("{}:", example.what))]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.control("nf", []);
        roff.text([bold(example.line)]);
        roff.control("fi", []);
        roff.control("RE", []);
    }
}

fn see_also(roff: &mut Roff, text: &VerbText) {
    roff.control("SH", ["SEE ALSO"]);
    let mut paths: Vec<&str> = if text.path.is_empty() { Vec::new() } else { vec![""] };
    paths.extend(text.see);
    let mut line = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        line.push(roman(if number > 0 { ", " } else { "" }));
        line.extend([bold(page_name(path)), roman("(1)")]);
    }
    roff.text(line);
}
