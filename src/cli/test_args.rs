//! The arguments of the verb that tests playbooks.

use std::path::PathBuf;

use clap::Args;

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
