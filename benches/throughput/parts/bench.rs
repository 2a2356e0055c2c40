//! What all parts share.

use std::path::{Path, PathBuf};

use crate::arguments::HarnessArguments;
use crate::mock::Mock;
use crate::table::Figures;
use crate::tool::Tool;

/// What a part works with.
pub(crate) struct Bench<'a> {
    pub(crate) arguments: &'a HarnessArguments,
    pub(crate) mock: Mock,
    pub(crate) tool: Tool,
    /// Further programs that are measured beside it.
    pub(crate) beside: Vec<Tool>,
    pub(crate) figures: Figures,
    folder: PathBuf,
}

impl<'a> Bench<'a> {
    /// Starts the mock server and prepares the programs, which work in `folder`.
    ///
    /// # Errors
    /// The server does not start.
    pub(crate) fn start(arguments: &'a HarnessArguments, folder: &Path) -> anyhow::Result<Self> {
        let program = arguments.program.clone().unwrap_or_else(|| env!("CARGO_BIN_EXE_runsheet").into());
        Ok(Self {
            arguments,
            mock: Mock::start()?,
            tool: Tool::new(program, folder),
            beside: arguments.beside.iter().map(|program| Tool::new(program.clone(), folder)).collect(),
            figures: Figures::default(),
            folder: folder.to_owned(),
        })
    }

    /// A folder for a job.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
