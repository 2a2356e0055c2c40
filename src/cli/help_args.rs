//! The arguments of the verbs that explain: codes, completions, the manual.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Code of a message, a row or an exit; a vendor's code, alone or as `PROVIDER:CODE`; a provider lists its codes
    #[arg(value_name = "CODE")]
    pub(crate) code: Vec<String>,
}

/// `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to write for
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder for one page per verb
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

/// `schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which one; without it the names are listed
    #[arg(value_name = "NAME", value_enum)]
    pub(crate) name: Option<SchemaName>,
}

/// The files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// A playbook.
    Playbook,
    /// `runsheet.yaml`.
    Settings,
    /// A test file.
    Test,
    /// `provider.yaml`.
    Provider,
    /// An operation's file.
    Operation,
    /// A line of `--events`.
    Events,
    /// The end of `--format json`.
    Summary,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::cli::args::CommandLine;

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
}
