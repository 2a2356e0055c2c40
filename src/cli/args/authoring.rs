//! The arguments of the verbs that work on files and send nothing: `new`, `check`, `test`, `fmt`.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};

use super::work::InputArgs;

/// `new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Folder to write into
    ///
    /// It is made if it is missing. Without it, an example goes into a folder of its name, and a starter into the current
    /// folder.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
    /// Write this example; without NAME, list them
    #[arg(long, value_name = "NAME", num_args = 0..=1, env = "RUNSHEET_EXAMPLE", hide_env_values = true, conflicts_with = "from")]
    pub(crate) example: Option<Option<String>>,
    /// Write a starter with a step for each operation, in this order
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
    /// Write repaired rows to OUT, and check those
    ///
    /// Only what is certain is repaired. OUT is a new file, or a folder where several row files are checked.
    #[arg(long, value_name = "OUT", env = "RUNSHEET_FIX", hide_env_values = true)]
    pub(crate) fix: Option<PathBuf>,
}

/// `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Test files, playbooks with tests beside them, or folders
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run only the tests whose names contain TEXT; may be repeated
    #[arg(long, value_name = "TEXT", env = "RUNSHEET_ONLY", hide_env_values = true)]
    pub(crate) only: Vec<String>,
    /// Also write the results as JUnit XML
    #[arg(long, value_name = "FILE", env = "RUNSHEET_REPORT_JUNIT", hide_env_values = true)]
    pub(crate) report_junit: Option<PathBuf>,
}

/// `fmt`.
#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Files, folders with YAML files, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing: show what would change, and exit with 4 if there is anything
    #[arg(long, env = "RUNSHEET_CHECK", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) check: bool,
}
