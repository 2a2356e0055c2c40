//! The arguments of the verbs that explain: `operations`, `explain`, `schema`, `completions`, `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `operations`.
#[derive(Debug, Args)]
pub(crate) struct OperationsArgs {
    /// Operation to show in full, such as `http.request`, or a provider
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

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
    /// The summary that `--format json` prints.
    Summary,
}
