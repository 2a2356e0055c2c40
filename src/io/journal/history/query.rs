//! What is asked about the effects of other runs, and what is answered.

use crate::journal::EffectState;
use crate::model::RunId;

/// An effect that another run made, or may have made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorEffect {
    /// The run.
    pub run: RunId,
    /// What became of the effect there.
    pub state: EffectState,
    /// Whether the run was pruned, so that nobody can settle its unknown calls any more.
    pub pruned: bool,
}

/// Which effects of other runs count.
#[derive(Debug, Clone)]
pub struct HistoryFilter {
    /// The environment that both runs send to.
    pub environment: String,
    /// The operations, by their full names.
    pub operations: Vec<String>,
    /// The asking run, which does not count.
    pub own: RunId,
    /// Runs that do not count either: those whose facts the asking run continues.
    pub except: Vec<RunId>,
}
