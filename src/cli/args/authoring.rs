//! The arguments of the verbs that work on files and send nothing: `new`, `check`, `test`, `fmt`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::work::InputArgs;

/// `new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Folder to write into, made if it is missing [default: the example's name, else the current folder]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Example to write; without NAME, list the examples
    #[arg(long, value_name = "NAME", num_args = 0..=1, env = "RUNSHEET_EXAMPLE", hide_env_values = true, conflicts_with = "from")]
    pub(crate) example: Option<Option<String>>,
    /// Operations of the steps, in their order [default: http.request]
    #[arg(long, value_name = "OPERATION", num_args = 1.., value_delimiter = ',', env = "RUNSHEET_FROM", hide_env_values = true)]
    pub(crate) from: Vec<String>,
}

/// `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Playbooks to check
    #[arg(required = true, value_name = "PLAYBOOK")]
    pub(crate) playbooks: Vec<PathBuf>,
    /// Environment, rows and variables.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Repair what is provably safe, write the rows to a new file, or a folder for several files, and check those
    #[arg(long, value_name = "OUT", env = "RUNSHEET_FIX", hide_env_values = true)]
    pub(crate) fix: Option<PathBuf>,
}

/// `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Test files, playbooks with a test file beside them, or folders with any
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run only the tests whose names hold this text; may be given again
    #[arg(long, value_name = "TEXT", env = "RUNSHEET_ONLY", hide_env_values = true)]
    pub(crate) only: Vec<String>,
    /// Write the results as JUnit XML too
    #[arg(long, value_name = "FILE", env = "RUNSHEET_REPORT_JUNIT", hide_env_values = true)]
    pub(crate) report_junit: Option<PathBuf>,
}

/// `fmt`.
#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Files, or folders whose YAML files are meant; `-` takes standard input to standard output
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing: show what would be, and exit with 4 where something would
    #[arg(long, env = "RUNSHEET_CHECK", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) check: bool,
}
