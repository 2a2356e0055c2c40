//! The arguments of the verb that begins something new.

use std::path::PathBuf;

use clap::Args;

/// `new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Folder to write into; it is made where it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Operations of the steps, in their order [default: http.request]
    #[arg(long, value_name = "OPERATION", num_args = 1.., value_delimiter = ',', env = "RUNSHEET_FROM", hide_env_values = true)]
    pub(crate) from: Vec<String>,
}
