//! The command line as clap reads it: the verbs with their help, and the options that every verb takes.

use clap::{Parser, Subcommand};

use super::authoring::{CheckArgs, FmtArgs, NewArgs, TestArgs};
use super::every_verb::Common;
use super::follow_up::{ResolveArgs, RetryArgs, UndoArgs};
use super::reference::{CompletionsArgs, ExplainArgs, ManArgs, OperationsArgs, SchemaArgs};
use super::runs::{PlanArgs, ResumeArgs, RunArgs, RunsArgs};
use super::sandbox::SandboxArgs;

/// The help on `--faults`: its faults, with what they do.
const FAULTS: &str = "Faults, each a share of the calls (2% or 0.02), separated by commas:\n  \
    lose, close          the connection closes without an answer: after the effect; before it\n  \
    500, 503             a gateway's error before the effect\n  \
    500after, 503after   a gateway's error after the effect\n  \
    throttle             the vendor's own \"too many requests\", before the effect\n  \
    expire               the token in use runs out\n  \
    cut, garble          the effect is made, the answer arrives cut short; unreadable\n  \
    refuse               the vendor refuses the call for good, before the effect: the row fails, so that\n                       \
                         rollbacks, `retry` and `undo` can be rehearsed; never a login\n  \
    slow=5%:300ms        the answer comes later\n  \
    all=2%               each of them that is not named itself, except `refuse`\n  \
    seed=7               selects the sequence of faults; equal specs give equal faults";

/// Runs YAML playbooks over rows against approval, e-signature and appointment vendors.
#[derive(Debug, Parser)]
#[command(
    name = "runsheet",
    version,
    about = "Runs YAML playbooks over CSV rows: nothing is lost, nothing is sent twice.",
    before_help = "Examples:\n  \
        runsheet check playbooks/extend-deadlines.yaml\n  \
        runsheet plan  playbooks/extend-deadlines.yaml --rows mine.csv\n  \
        runsheet run   playbooks/extend-deadlines.yaml --env staging\n  \
        runsheet resume latest",
    after_help = "Without --env, a run talks to simulators inside the process: nothing reaches a vendor.\n\
        Every option but --env, --yes, --confirm and --again has an environment twin: RUNSHEET_STATE_DIR and so on.\n\
        Exit codes: 0 all done, 1 internal, 2 usage, 3 invalid files, 4 rows failed, 5 rows unknown,\n\
        6 stopped early, 7 refused for the whole run, 8 conflict or not confirmed, 130/143 interrupted.",
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
    #[command(
        before_help = "Examples:\n  \
            runsheet new --example\n  \
            runsheet new --example extend-deadlines\n  \
            runsheet new trial --from http.request",
        after_help = "--example writes NAME.yaml, its lists, NAME.test.yaml and schemas/ for editors into a folder of that name,\n\
            or into DIR. --from writes a starter: playbook.yaml, rows.csv, playbook.test.yaml, runsheet.yaml and schemas/.\n\
            Outputs of a step feed inputs of the same name in later steps; DIR alone stands for --from http.request.\n\
            All of it passes `check` and `test` as it is and runs on the sandbox.\n\
            Alone, `new` asks what to write and where. Where nobody is at the terminal, it lists the examples, writes\n\
            nothing and exits with 2.\n\
            It never writes over a file: where one exists, nothing is written and the exit code is 2."
    )]
    New(NewArgs),
    /// Check playbooks and their rows, offline
    #[command(
        before_help = "Examples:\n  \
            runsheet check playbooks/extend-deadlines.yaml\n  \
            runsheet check playbooks/*.yaml --env staging\n  \
            runsheet check playbook.yaml --rows mine.csv --format json\n  \
            runsheet check playbook.yaml --rows mine.csv --fix fixed.csv",
        after_help = "--fix repairs only cells that the check reports, and only where the meaning is certain: blanks and\n\
            invisible characters around keys and typed cells, full-width characters, dates whose order is sure, zeros that the\n\
            column's length or words ask for, and what exporters write around codes: =\"00123\", '00123, “00123”, 00123.0.\n\
            Everything else keeps its bytes. Rounded numbers, ambiguous dates, duplicates and\n\
            blank cells are left and reported. It never overwrites a file; the exit code is that of the repaired rows."
    )]
    Check(CheckArgs),
    /// Run the tests of playbooks, offline and in virtual time
    #[command(
        before_help = "Examples:\n  \
            runsheet test playbooks\n  \
            runsheet test playbooks/extend-deadlines.yaml\n  \
            runsheet test playbooks --only refused --report-junit tests.xml",
        after_help = "A test file, NAME.test.yaml beside NAME.yaml, gives rows and answers and says which requests and\n\
            outcomes they must come to. The run is a real one in virtual time, with the answers in the place of the vendors.\n\
            Nothing is sent or kept, and no credential is read.\n\
            Exit codes: 0 all passed, 4 some failed, 3 invalid files, 2 no test found."
    )]
    Test(TestArgs),
    /// Format playbooks and other YAML files; their meaning and comments stay
    #[command(
        before_help = "Examples:\n  \
            runsheet fmt playbooks\n  \
            runsheet fmt --check playbooks runsheet.yaml\n  \
            runsheet fmt - < playbook.yaml",
        after_help = "Two spaces a level, one space after `:` and `,`, one empty line between steps of several lines, \\n for\n\
            line ends. Comments, quotes, block scalars, the order of keys and where lines break stay as they are. A file is\n\
            written only where its meaning is proven unchanged: beside the old one, and renamed.\n\
            A link in a folder is followed where it stays in that folder, else it is left alone; a link that is named on the\n\
            command line is followed wherever it leads. A link stays a link: the file behind it is written.\n\
            Exit codes: 0 all formatted, 3 a file cannot be read and was left alone, 4 --check found some that would change."
    )]
    Fmt(FmtArgs),
    /// Show what a run would send, without sending anything
    #[command(before_help = "Examples:\n  \
        runsheet plan playbooks/extend-deadlines.yaml\n  \
        runsheet plan playbook.yaml --env production --var zone=Asia/Taipei")]
    Plan(PlanArgs),
    /// Check everything, then run
    #[command(before_help = "Examples:\n  \
        runsheet run playbooks/extend-deadlines.yaml\n  \
        runsheet run playbook.yaml --rows mine.csv --env staging\n  \
        runsheet run playbook.yaml --env production --limit 5 --yes --confirm 5\n  \
        runsheet run playbook.yaml --faults lose=2%,refuse=5%,seed=7",
        after_help = FAULTS)]
    Run(RunArgs),
    /// Resume a run after an interruption, a crash or a stop
    #[command(
        before_help = "Examples:\n  \
        runsheet resume latest\n  \
        runsheet resume 20351122-0046 --rate 5/s\n  \
        runsheet resume 20351122-0046 --from-copy",
        after_help = "A run whose folder was put back from a copy, or moved here without its files in `marks`, is refused: what was\n\
            sent after the copy is not in it. --from-copy resumes from it and counts as sent whatever may have been: what\n\
            may be repeated is sent again, what can be looked up is looked up, the rest is unknown. A whole state folder\n\
            that was put back, such as the cache of a CI system, cannot be told from the latest one."
    )]
    Resume(ResumeArgs),
    /// Do what is missing of a run, as a run of its own
    #[command(
        before_help = "Examples:\n  \
            runsheet retry latest\n  \
            runsheet retry latest --rows failed.csv\n  \
            runsheet retry latest --playbook corrected.yaml --rows customers=customers.csv\n  \
            runsheet retry latest --only unknown",
        after_help = "Takes the rows that failed, are partial or were not started. Steps that are done stay done, with\n\
            their outputs; a step that was rolled back is not done. --rows takes the rows in FILE alone, corrected or not, known\n\
            by their keys: a row file of the run, or any file with the key and the columns that it corrects; --playbook a\n\
            corrected playbook, its steps known by their ids. A done call that would change is a conflict: nothing\n\
            is sent then. --only unknown looks up first and sends again only what turned out not to be done. What was\n\
            rolled back and would be made again under the same natural key is named: a vendor may refuse it.\n\
            Everything is checked first, as in `run`; environment, variables and limits are those of the run."
    )]
    Retry(RetryArgs),
    /// Take back what a run changed, last step first
    #[command(
        before_help = "Examples:\n  \
            runsheet undo latest --dry-run\n  \
            runsheet undo latest --yes --confirm 24",
        after_help = "Shows first what would be taken back, by which operation, and what cannot be and why. A step's own rollback\n\
            takes it back, or else its operation's undo; effects that depend on a step disappear with it. Only what the run changed\n\
            itself counts. It is a run of its own, with its own journal, row files and summary: a row has succeeded\n\
            where nothing of it stands any more."
    )]
    Undo(UndoArgs),
    /// Settle unknown outcomes: by lookups, or by what a person states
    #[command(
        before_help = "Examples:\n  \
            runsheet resolve latest\n  \
            runsheet resolve latest --key A-1 --as done --output task_num=7 --note Mei\n  \
            runsheet resolve latest --key A-1 --step moderators --as failed\n  \
            runsheet resolve latest --from unknown.csv\n  \
            runsheet resolve 20351122-0046 --lost --as done --rows done.csv --note Mei",
        after_help = "Without --as and --from, looks up the calls that have a lookup, and sends nothing else. A person\n\
            settles the others: done, with the outputs that later steps use, or failed, which says that nothing\n\
            took effect. For --from, add the columns _settle (done or failed) and _note, and one for each output, to the\n\
            run's unknown.csv. Rows left blank stay unknown. Then `runsheet resume` goes on with the settled rows.\n\
            --lost settles a run whose folder is gone, or whose journal was cut or changed: until then nothing else is\n\
            sent to its environment. done counts all rows of its list as done, or those of --rows; failed counts nothing\n\
            of what is lost. Who said it, when and why is kept, and what the journal still proves stays counted."
    )]
    Resolve(ResolveArgs),
    /// List the runs, or show one
    #[command(before_help = "Examples:\n  \
        runsheet runs list\n  \
        runsheet runs show latest\n  \
        runsheet runs show 20351122-0046 --format json")]
    Runs(RunsArgs),
    /// The catalogue of operations, or one of them with an example step
    #[command(before_help = "Examples:\n  \
        runsheet operations\n  \
        runsheet operations http.request")]
    Operations(OperationsArgs),
    /// What a code means and what to do: of a message, a row, an exit, a vendor
    #[command(before_help = "Examples:\n  \
        runsheet explain blank-cell\n  \
        runsheet explain unknown\n  \
        runsheet explain http:429\n  \
        runsheet explain")]
    Explain(ExplainArgs),
    /// Serve the vendors' simulator for rehearsals with other tools
    #[command(before_help = "Examples:\n  \
        runsheet sandbox\n  \
        runsheet sandbox --port 8470 --faults lose=2%,503=1%,seed=7\n  \
        runsheet sandbox --tls\n  \
        runsheet sandbox --format json",
        after_help = FAULTS)]
    Sandbox(SandboxArgs),
    /// The JSON Schema of a kind of file, for editors and validators
    #[command(before_help = "Examples:\n  \
        runsheet schema\n  \
        runsheet schema playbook > playbook.schema.json\n  \
        runsheet schema playbook --providers my-providers > playbook.schema.json\n  \
        runsheet schema operation > my-providers/operation.schema.json")]
    Schema(SchemaArgs),
    /// The completion script of a shell, on standard output
    #[command(before_help = "Examples:\n  \
        source <(runsheet completions bash)\n  \
        runsheet completions zsh > ~/.zfunc/_runsheet\n  \
        runsheet completions fish > ~/.config/fish/completions/runsheet.fish")]
    Completions(CompletionsArgs),
    /// The manual: its first page on standard output, or every page into a folder
    #[command(before_help = "Examples:\n  \
        runsheet man | man -l -\n  \
        runsheet man ~/.local/share/man/man1")]
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;
    use crate::cli::args::Color;
    use crate::sandbox::Faults;

    fn parse(line: &str) -> Result<CommandLine, ErrorKind> {
        CommandLine::try_parse_from(line.split(' ')).map_err(|error| error.kind())
    }

    #[test]
    fn the_definition_passes_the_checks_of_clap() {
        CommandLine::command().debug_assert();
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
            "runsheet sandbox --port 99999",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_option_but_the_confirmations_has_an_environment_variable() {
        fn walk(command: &clap::Command, missing: &mut Vec<String>) {
            for arg in command.get_arguments().filter(|arg| arg.get_long().is_some()) {
                let long = arg.get_long().unwrap_or_default();
                let exempt = ["env", "yes", "confirm", "again", "help", "version"].contains(&long)
                    || (command.get_name(), long) == ("plan", "out");
                // `RUNSHEET_ROWS`, set for all verbs, must not settle the rows of a lost run.
                let twin = match (command.get_name(), long) {
                    ("resolve", "rows") => "RUNSHEET_LOST_ROWS".to_owned(),
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

    #[test]
    fn every_help_begins_with_examples_that_parse() {
        fn walk(command: &clap::Command, seen: &mut usize) {
            let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.starts_with("Examples:\n"), "{} has no examples", command.get_name());
            for line in examples.lines().filter(|line| line.trim_start().starts_with("runsheet ")) {
                let line = line.split(['|', '>']).next().unwrap_or_default();
                let line = line.split('"').step_by(2).collect::<Vec<_>>().join("text");
                let parsed = CommandLine::try_parse_from(line.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
                *seen += 1;
            }
            command.get_subcommands().for_each(|sub| walk(sub, seen));
        }
        let mut seen = 0;
        walk(&CommandLine::command(), &mut seen);
        assert!(seen > 30, "{seen}");
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
    fn every_spec_in_the_help_parses() {
        let mut specs = 0;
        for verb in CommandLine::command().get_subcommands_mut() {
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
