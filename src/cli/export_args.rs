//! The command line of `runs export`.

use std::path::PathBuf;

use clap::Args;

/// `runs export`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExportArgs {
    /// Any unique prefix of the run's id, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Folder for the row files; what a damaged journal cannot prove is unknown in them
    #[arg(long, value_name = "DIR", env = "RUNSHEET_OUT", hide_env_values = true)]
    pub(crate) out: PathBuf,
}
