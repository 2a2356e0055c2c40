//! What `ctl` takes and gives.

use crate::model::RunId;
use crate::policy::{SteerCommand, SteerOrigin};

/// A request to steer a run.
#[derive(Debug, Clone)]
pub struct CtlRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The command.
    pub command: SteerCommand,
    /// Where it is given, for the journal: [`SteerOrigin::Ctl`] or [`SteerOrigin::Page`].
    pub from: SteerOrigin,
    /// Whether a run is cancelled without a question.
    pub confirmed: bool,
}

impl CtlRequest {
    /// A request of another terminal, with a question before a run is cancelled.
    #[must_use]
    pub fn new(run: impl Into<String>, command: SteerCommand) -> Self {
        Self { run: run.into(), command, from: SteerOrigin::Ctl, confirmed: false }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CtlReport {
    /// The run.
    pub run: RunId,
    /// The command.
    pub command: SteerCommand,
    /// Whether the run was as wanted already, so that nothing was done.
    pub already: bool,
    /// Whether a process drives the run; otherwise the command was written into its journal.
    pub under_way: bool,
}
