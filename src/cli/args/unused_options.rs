//! Refuses typed options that would have no effect, so that nobody relies on them. An option that an environment variable
//! sets is ignored by verbs that do not use it.
//!
//! Each verb takes only arguments of its own that it reads. Checked here are the options that every verb takes, and those that
//! depend on another option. Every verb accepts the folders and files that it looks for (`--state-dir`, `--settings`,
//! `--providers`, `--confine`) and the options for the screen (`-v`, `-q`, `--color`, `--unmask`).

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::command_line::{CommandLine, Verb};
use super::every_verb::Format;
use super::steer::CtlCommand;
use crate::operate::ReportFormat;

/// The message about the first option that would have no effect; `None` where there is none.
pub(in crate::cli) fn unused_option_message(line: &CommandLine, matches: &ArgMatches) -> Option<String> {
    let (verb, given) = matches.subcommand()?;
    let typed = |id: &str| is_typed(matches, id) || is_typed(given, id) || below(given, id);
    let dry = is_dry(&line.verb);
    let shown = if dry { format!("{verb} --dry-run") } else { verb.to_owned() };
    if typed("events") && !drives_a_run(&line.verb) {
        return Some(format!(
            "`--events` tells what happens to a run, and `runsheet {shown}` runs nothing: leave it out. Its own report is \
             there as JSON with --format json"
        ));
    }
    if typed("format") && line.common.format == Format::Json && matches!(line.verb, Verb::Completions(_) | Verb::Man(_))
    {
        return Some(format!("`--format json`: what `runsheet {verb}` writes has no form in JSON: leave it out"));
    }
    if let Verb::Ctl(args) = &line.verb
        && args.yes
        && args.command != CtlCommand::Cancel
    {
        let word = args.command.word();
        return Some(format!("`--yes` answers the question of `cancel`, and `{word}` asks nothing: leave it out"));
    }
    if dry && typed("out") {
        return Some(format!(
            "`--out` names the folder of a run's results, and `runsheet {shown}` has none: leave it out"
        ));
    }
    for (id, option) in [("report_junit", "--report-junit"), ("report_html", "--report-html")] {
        if dry && typed(id) {
            return Some(format!(
                "`{option}` reports what became of the rows, and `runsheet {shown}` sends nothing: leave it out"
            ));
        }
    }
    if let Verb::Report(args) = &line.verb
        && args.form() != Some(ReportFormat::Html)
        && typed("lang")
    {
        return Some("`--lang` chooses the language of a page, and this report is none: leave it out".to_owned());
    }
    if dry && typed("faults") {
        return Some(format!(
            "`--faults` makes trouble for calls, and `runsheet {shown}` makes none: leave one of the two out"
        ));
    }
    None
}

/// Whether a verb drives a run, which has events.
pub(in crate::cli) fn drives_a_run(verb: &Verb) -> bool {
    match verb {
        Verb::Run(_) | Verb::Undo(_) => !is_dry(verb),
        Verb::Resume(_) | Verb::Retry(_) | Verb::Resolve(_) => true,
        Verb::New(_)
        | Verb::Check(_)
        | Verb::Test(_)
        | Verb::Fmt(_)
        | Verb::Plan(_)
        | Verb::Ctl(_)
        | Verb::Cancel(_)
        | Verb::Runs(_)
        | Verb::Why(_)
        | Verb::Report(_)
        | Verb::Ui(_)
        | Verb::Operations(_)
        | Verb::Explain(_)
        | Verb::Sandbox(_)
        | Verb::Schema(_)
        | Verb::Completions(_)
        | Verb::Man(_) => false,
    }
}

fn is_dry(verb: &Verb) -> bool {
    matches!(verb, Verb::Run(args) if args.dry_run) || matches!(verb, Verb::Undo(args) if args.dry_run)
}

/// Whether an option was typed on the command line, not set by an environment variable.
fn is_typed(matches: &ArgMatches, id: &str) -> bool {
    // `value_source` panics for an option that the verb does not have.
    matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
}

/// The same for subcommands, such as `runs show`.
fn below(matches: &ArgMatches, id: &str) -> bool {
    matches.subcommand().is_some_and(|(_, given)| is_typed(given, id) || below(given, id))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::cli::args::texts::text_of;

    fn refused(line: &str) -> Option<String> {
        let matches = CommandLine::command().try_get_matches_from(line.split_whitespace()).unwrap();
        unused_option_message(&CommandLine::from_arg_matches(&matches).unwrap(), &matches)
    }

    /// The first example of every verb, and of those below it.
    fn examples(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let text = text_of(path).unwrap();
        let example = text.examples.iter().find(|example| example.line.starts_with("runsheet "));
        found.extend(example.filter(|_| !path.is_empty()).map(|example| example.line.to_owned()));
        for below in command.get_subcommands() {
            examples(below, format!("{path} {}", below.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn no_verb_takes_an_option_that_does_nothing_there() {
        let mut lines = Vec::new();
        examples(&CommandLine::command(), "", &mut lines);
        assert!(lines.len() > 18, "{lines:?}");
        for line in &lines {
            let line = line.split(['>', '|', '<']).next().unwrap_or_default().trim();
            assert_eq!(refused(line), None, "{line}");
            let verb = line.split_whitespace().nth(1).unwrap();
            let tells = ["run", "resume", "retry", "undo", "resolve"].contains(&verb) && !line.contains("--dry-run");
            assert_eq!(refused(&format!("{line} --events e.jsonl")).is_none(), tells, "{line}");
            assert_eq!(refused(&line.replacen("runsheet", "runsheet --events e.jsonl", 1)).is_none(), tells, "{line}");
            // `report` has been given a format.
            if verb != "report" {
                let speaks = !["completions", "man"].contains(&verb);
                assert_eq!(refused(&format!("{line} --format json")).is_none(), speaks, "{line}");
            }
            assert_eq!(
                refused(&format!("{line} -v --color never --state-dir s --settings x --unmask")),
                None,
                "{line}"
            );
        }
    }

    #[test]
    fn a_dry_run_writes_nothing_and_meets_no_trouble() {
        for line in [
            "run p.yaml --dry-run --out o",
            "run p.yaml --dry-run --faults lose=1%",
            "run p.yaml --dry-run --report-junit j.xml",
            "run p.yaml --dry-run --report-html r.html",
            "undo latest --dry-run --out o",
        ] {
            assert!(refused(&format!("runsheet {line}")).is_some(), "{line}");
            assert_eq!(refused(&format!("runsheet {}", line.replace(" --dry-run", ""))), None, "{line}");
        }
        assert_eq!(refused("runsheet run p.yaml --dry-run --yes --confirm 5 --rate 5/s"), None);
    }

    #[test]
    fn a_plan_takes_nothing_that_only_a_run_can_do() {
        for option in ["--out p.json", "--yes", "--confirm 5", "--faults lose=1%", "--dry-run"] {
            let line = format!("runsheet plan p.yaml {option}");
            let error = CommandLine::command().try_get_matches_from(line.split_whitespace()).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            if option.starts_with("--out") {
                assert!(error.to_string().contains("--format json > plan.json"), "{error}");
            }
        }
    }
}
