//! The arguments of the verbs that explain: `operations`, `explain`, `schema`, `completions`, `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

/// `operations`.
#[derive(Debug, Args)]
pub(crate) struct OperationsArgs {
    /// Operation to show, such as http.request, or a provider
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Word to explain; without it, the words are listed
    ///
    /// A code of a message, a row or an exit; a vendor's code, alone or as PROVIDER:CODE; a provider, whose codes are
    /// listed; a key of a file; or a helper of templates.
    #[arg(value_name = "WORD")]
    pub(crate) code: Vec<String>,
}

/// `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell that runs the script
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder to write a page for each verb into
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
}

/// `schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Kind of file; without it, the kinds are listed
    ///
    /// The kinds are playbook, settings, test, provider, operation, events, summary, story and report.
    #[arg(value_name = "NAME", value_enum, hide_possible_values = true)]
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
    /// The summary that `--format json` prints.
    Summary,
    /// The story that `why --format json` prints.
    Story,
    /// The record that `report --format json` prints.
    Report,
}
