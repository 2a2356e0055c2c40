//! The arguments of `fmt`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

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
