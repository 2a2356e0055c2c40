//! All texts, and their places in the help: one example in the short help, everything in the long one.

use clap::{Arg, Command};

use super::verb_text::{Example, VerbText};
use super::{authoring, follow_up, history, reference, running};

/// The texts of the program and of every verb.
const ALL: [VerbText; 28] = [
    authoring::PROGRAM,
    authoring::NEW,
    authoring::CHECK,
    authoring::TEST,
    authoring::FMT,
    running::PLAN,
    running::RUN_TEXT,
    running::RESUME,
    follow_up::RETRY,
    follow_up::UNDO,
    follow_up::RESOLVE,
    follow_up::CTL,
    follow_up::CANCEL,
    follow_up::RUNS,
    follow_up::RUNS_LIST,
    follow_up::RUNS_SHOW,
    history::RUNS_DIFF,
    follow_up::RUNS_EXPORT,
    history::RUNS_PRUNE,
    follow_up::WHY,
    follow_up::REPORT,
    follow_up::UI,
    reference::OPERATIONS,
    reference::EXPLAIN,
    running::SANDBOX,
    reference::SCHEMA,
    reference::COMPLETIONS,
    reference::MAN,
];

/// The line at the end of a verb's short help.
const SHORT_END: &str = "Every verb also takes --settings, --state-dir, --format and others: see runsheet --help\n\
    Full text and more examples: --help";

/// The end of the program's short help.
const PROGRAM_END: &str = "Options that go everywhere, exit codes and more examples: runsheet --help\n\
    Help on a verb: runsheet VERB -h in short, runsheet VERB --help in full";

/// The text of a verb; `None` where there is none.
pub(in crate::cli) fn text_of(path: &str) -> Option<&'static VerbText> {
    ALL.iter().find(|text| text.path == path)
}

/// Adds the texts to a command and to those below it. `path` is the command as it is typed after the program's name.
pub(in crate::cli) fn with_texts(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let command = names.iter().fold(command, |command, name| {
        let below = format!("{path} {name}");
        command.mut_subcommand(name, |verb| with_texts(verb, below.trim_start()))
    });
    let command = command.mut_args(variable_in_long_help);
    let Some(text) = text_of(path) else { return command };
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let first = text.examples.first().map(|example| example.line).unwrap_or_default();
    command
        .before_help(format!("Example:\n  {first}"))
        .before_long_help(format!("Examples:\n{}", example_lines(text.examples)))
        .long_about(format!("{}\n\n{}", about.trim_end_matches('.').to_owned() + ".", text.text))
        .after_help(if path.is_empty() { PROGRAM_END } else { SHORT_END })
        .after_long_help(format!("Exit codes:\n{}", exit_lines(text.exits)))
}

/// The examples, each under a comment that says what it does.
fn example_lines(examples: &[Example]) -> String {
    let line = |example: &Example| format!("  # {}\n  {}", example.what, example.line);
    examples.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn exit_lines(exits: &[(u8, &str)]) -> String {
    exits.iter().map(|(code, meaning)| format!("  {code:<4} {meaning}")).collect::<Vec<_>>().join("\n")
}

/// Names an option's environment variable in the long help only, so that the short one has one line for each option.
fn variable_in_long_help(arg: Arg) -> Arg {
    let Some(variable) = arg.get_env().map(|name| name.to_string_lossy().into_owned()) else { return arg };
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    arg.hide_env(true).long_help(format!("{help}\n[env: {variable}]"))
}
