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
    /// Where it is given, for the journal. A program of its own gives [`SteerOrigin::Program`].
    pub from: SteerOrigin,
    /// Whether a run is cancelled without a question. Where nobody can be asked, the command itself is the confirmation.
    pub confirmed: bool,
}

impl CtlRequest {
    /// A request from another terminal. Before a run is cancelled, the person is asked, if there is one.
    #[must_use]
    pub fn new(run: impl Into<String>, command: SteerCommand) -> Self {
        Self { run: run.into(), command, from: SteerOrigin::Ctl, confirmed: false }
    }
}

/// What became of a command.
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
