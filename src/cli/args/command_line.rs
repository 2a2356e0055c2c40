//! The command line as clap reads it: the verbs, and the options that every verb takes.

use clap::{Command, CommandFactory, Parser, Subcommand};

use super::authoring::{CheckArgs, FmtArgs, NewArgs, TestArgs};
use super::every_verb::Common;
use super::follow_up::{ResolveArgs, RetryArgs, UndoArgs, WhyArgs};
use super::reference::{CompletionsArgs, ExplainArgs, ManArgs, OperationsArgs, SchemaArgs};
use super::report::ReportArgs;
use super::runs::{PlanArgs, ResumeArgs, RunArgs, RunsArgs};
use super::sandbox::SandboxArgs;
use super::steer::{CancelArgs, CtlArgs};
use super::texts::with_texts;
use super::ui::UiArgs;

/// Runs YAML playbooks over rows against approval, e-signature and appointment vendors.
#[derive(Debug, Parser)]
#[command(
    name = "runsheet",
    version,
    about = "Runs YAML playbooks over lists of rows: nothing is lost, nothing is sent twice",
    arg_required_else_help = true
)]
pub(crate) struct CommandLine {
    /// The options that every verb takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The verb.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write an example, or a starter for operations of your choice
    New(NewArgs),
    /// Check playbooks and their rows, offline
    Check(CheckArgs),
    /// Run the tests of playbooks, offline
    Test(TestArgs),
    /// Format playbooks and other YAML files
    Fmt(FmtArgs),
    /// Show what a run would send, and send nothing
    Plan(PlanArgs),
    /// Check everything, then run
    Run(RunArgs),
    /// Continue a run after a stop or a crash
    Resume(ResumeArgs),
    /// Do what is missing of a run, as a run of its own
    Retry(RetryArgs),
    /// Take back what a run changed, last step first
    Undo(UndoArgs),
    /// Settle unknown outcomes, by lookups or by your word
    Resolve(ResolveArgs),
    /// Steer a run under way: pause, resume, drain, cancel, rate, in-flight
    Ctl(CtlArgs),
    /// Stop a run for good: it cannot be resumed, only retried
    Cancel(CancelArgs),
    /// List the runs, show or compare them, remove old ones
    Runs(RunsArgs),
    /// Show the story of one row: what was sent, answered and decided
    Why(WhyArgs),
    /// Write a report of a run: for a CI server, a program or a page
    Report(ReportArgs),
    /// Show the runs in a browser, follow them and steer them
    Ui(UiArgs),
    /// List operations, or show one with an example step
    Operations(OperationsArgs),
    /// Explain a code, a key of a file, or a helper of templates
    Explain(ExplainArgs),
    /// Serve the vendors' simulators, for rehearsals from other programs
    Sandbox(SandboxArgs),
    /// Print the JSON Schema of a kind of file
    Schema(SchemaArgs),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
    /// Print the manual, or write its pages into a folder
    Man(ManArgs),
}

/// The command line with its examples and explanations.
pub(in crate::cli) fn command_line() -> Command {
    with_texts(CommandLine::command(), "")
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;
    use crate::cli::args::Color;
    use crate::cli::args::texts::{FAULTS, text_of};
    use crate::sandbox::Faults;

    fn parse(line: &str) -> Result<CommandLine, ErrorKind> {
        CommandLine::try_parse_from(line.split(' ')).map_err(|error| error.kind())
    }

    #[test]
    fn the_definition_passes_the_checks_of_clap() {
        command_line().debug_assert();
    }

    #[test]
    fn wrong_lines_are_refused() {
        for line in [
            "runsheet",
            "runsheet fly",
            "runsheet run",
            "runsheet run a.yaml b.yaml",
            "runsheet run a.yaml --rate fast",
            "runsheet run a.yaml --in-flight 0",
            "runsheet run a.yaml --max-fail 101%",
            "runsheet run a.yaml --var novalue",
            "runsheet run a.yaml --format xml",
            "runsheet run a.yaml --waves 3,0%",
            "runsheet resume",
            "runsheet runs show",
            "runsheet report latest",
            "runsheet report latest --format text",
            "runsheet report --format json",
            "runsheet run a.yaml --format junit",
            "runsheet sandbox --port 99999",
            "runsheet ui --port 99999",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_option_but_the_confirmations_has_an_environment_variable() {
        fn walk(command: &Command, missing: &mut Vec<String>) {
            for arg in command.get_arguments().filter(|arg| arg.get_long().is_some()) {
                let long = arg.get_long().unwrap_or_default();
                let exempt = ["env", "yes", "confirm", "again", "unknown", "unfinished", "guarding", "help", "version"]
                    .contains(&long)
                    || (command.get_name(), long) == ("plan", "out");
                // `RUNSHEET_ROWS`, set for all verbs, must not settle the rows of a lost run.
                let twin = match (command.get_name(), long) {
                    ("resolve", "rows") => "RUNSHEET_LOST_ROWS".to_owned(),
                    // What is set for all verbs must not leave runs out of the list.
                    ("list", "limit" | "playbook") => format!("RUNSHEET_LIST_{}", long.to_uppercase()),
                    // `RUNSHEET_OUT` names a folder for results.
                    ("report", "out") => "RUNSHEET_REPORT_OUT".to_owned(),
                    _ => format!("RUNSHEET_{}", long.to_uppercase().replace('-', "_")),
                };
                let has = arg.get_env().is_some_and(|env| env == twin.as_str());
                if exempt == arg.get_env().is_some() || (!exempt && !has) {
                    missing.push(format!("{} --{long}", command.get_name()));
                }
            }
            command.get_subcommands().for_each(|sub| walk(sub, missing));
        }
        let mut missing = Vec::new();
        walk(&CommandLine::command(), &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn common_options_may_follow_the_verb() {
        let line = parse("runsheet run a.yaml --rows b.csv --rows customers=c.csv --state-dir /s -vv --color never");
        let line = line.unwrap();
        assert_eq!((line.common.verbose, line.common.color), (2, Color::Never));
        let Verb::Run(run) = line.verb else { panic!("not run") };
        assert_eq!(run.work.input.rows.len(), 2);
    }

    /// A command, and every one below it, with what is typed after the program's name.
    fn walk(command: &Command, path: &str, visit: &mut impl FnMut(&Command, &str)) {
        visit(command, path);
        for below in command.get_subcommands() {
            walk(below, format!("{path} {}", below.get_name()).trim_start(), visit);
        }
    }

    #[test]
    fn every_verb_has_a_text_with_examples_that_parse() {
        let mut paths = Vec::new();
        walk(&command_line(), "", &mut |_, path| paths.push(path.to_owned()));
        assert!(paths.len() > 18, "{paths:?}");
        for path in &paths {
            let text = text_of(path).unwrap_or_else(|| panic!("`{path}` has no text"));
            assert!(!text.examples.is_empty() && !text.text.is_empty() && !text.exits.is_empty(), "{path}");
            for example in text.examples {
                let at = example.line.find("runsheet ").unwrap();
                let line = example.line[at..].split(['|', '>', '<', ')']).next().unwrap_or_default();
                let parsed = CommandLine::try_parse_from(line.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
                assert!(
                    example.what.starts_with(char::is_uppercase) && !example.what.ends_with('.'),
                    "{}",
                    example.what
                );
            }
            for next in text.see {
                assert!(paths.iter().any(|path| path == next), "`{path}` names the verb `{next}`");
            }
            let codes: Vec<u8> = text.exits.iter().map(|(code, _)| *code).collect();
            assert!(codes.is_sorted() && codes.starts_with(&[0]), "{path}: {codes:?}");
        }
    }

    #[test]
    fn the_short_help_has_one_line_for_each_option() {
        let mut command = command_line();
        command.build();
        walk(&command, "", &mut |command, path| {
            if path.split(' ').any(|verb| verb == "help") {
                return;
            }
            let mut command = command.clone().term_width(100);
            let short = command.render_help().to_string();
            let given: Vec<&str> =
                short.lines().filter(|line| line.starts_with("      --") || line.starts_with("  -")).collect();
            let own = command.get_arguments().filter(|arg| !arg.is_hide_short_help_set() && !arg.is_hide_set());
            assert_eq!(given.len(), own.filter(|arg| !arg.is_positional()).count(), "{short}");
            // A line that goes on below is broken, and begins with many blanks.
            let broken: Vec<&str> = short.lines().filter(|line| line.starts_with("        ")).collect();
            assert!(broken.is_empty(), "runsheet {path} -h: {broken:?}");
            assert!(!short.contains("[env:") && !short.contains("--state-dir <"), "{short}");
            let long = command.render_long_help().to_string();
            assert!(long.contains("Everywhere:") && long.contains("[env: RUNSHEET_STATE_DIR]"), "{long}");
        });
    }

    #[test]
    fn the_help_names_every_fault() {
        // The message for a wrong kind lists them all.
        let message = Faults::parse("nothing=1%").unwrap_err();
        let (_, kinds) = message.split_once(": write ").unwrap();
        let kinds: Vec<&str> = kinds.split('`').skip(1).step_by(2).collect();
        assert!(kinds.len() > 10 && kinds.contains(&"refuse"), "{message}");
        for kind in kinds {
            let mut words = FAULTS.split(|c: char| !c.is_ascii_alphanumeric());
            assert!(words.any(|word| word == kind), "{kind}");
        }
    }

    #[test]
    fn the_help_of_schema_names_every_kind() {
        let schema = command_line().find_subcommand("schema").cloned().unwrap();
        let name = schema.get_positionals().next().unwrap();
        let said = name.get_long_help().map(ToString::to_string).unwrap();
        let kinds = name.get_possible_values();
        assert!(kinds.len() > 5);
        for kind in kinds {
            assert!(said.contains(kind.get_name()), "{}", kind.get_name());
        }
    }

    #[test]
    fn every_spec_in_the_help_parses() {
        let mut specs = 0;
        for verb in command_line().get_subcommands_mut() {
            let help = verb.render_long_help().to_string();
            for (_, rest) in help.match_indices("--faults ").map(|(at, word)| help.split_at(at + word.len())) {
                let spec = rest.split_whitespace().next().unwrap();
                if spec != "<SPEC>" {
                    assert_eq!(Faults::parse(spec).map(|_| ()), Ok(()), "{spec}");
                    specs += 1;
                }
            }
        }
        assert!(specs >= 2, "{specs}");
    }
}
