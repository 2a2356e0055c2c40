//! What is asked about the effects of other runs, and what is answered.

use crate::journal::EffectState;
use crate::model::RunId;

/// The same effect in another run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorEffect {
    /// The run.
    pub run: RunId,
    /// What became of it there.
    pub state: EffectState,
}

/// Which effects are asked about.
#[derive(Debug, Clone)]
pub struct HistoryFilter {
    /// The environment's name.
    pub environment: String,
    /// The operations, by their full names.
    pub operations: Vec<String>,
    /// The asking run, which is left out.
    pub own: RunId,
    /// Runs that are left out, too: those whose facts it carries on.
    pub except: Vec<RunId>,
}
