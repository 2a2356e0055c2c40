//! What a row's machine needs besides its row: the plan, the shape of its list of steps, the seed and the instant.

use crate::journal::ScopeShape;
use crate::model::{StepScope, Time, Value};
use crate::plan::Plan;
use crate::policy::SeededRng;
use crate::template::Scope;

/// What a row's machine needs besides its row.
#[derive(Clone, Copy)]
pub(in crate::engine) struct StepContext<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The shape of the machine's list of steps.
    pub shape: &'a ScopeShape,
    /// The run's randomness.
    pub rng: SeededRng,
    /// The present instant.
    pub now: Time,
}

/// The template names that all rows of a plan share.
pub(in crate::engine) fn shared_scope(plan: &Plan) -> Scope {
    let mut base = Scope::new();
    base.set("vars", Value::Object(plan.vars.clone()));
    base.set("run", Value::Object(plan.run.clone()));
    base.set_identity(plan.identity.clone());
    base
}

/// The index of a scope's shape among those of `before`, `steps` and `after`.
pub(in crate::engine) fn shape_index(scope: StepScope) -> usize {
    match scope {
        StepScope::Before => 0,
        StepScope::Row(_) | StepScope::Run => 1,
        StepScope::After => 2,
    }
}

/// An index as the journal writes it.
pub(in crate::engine) fn to_journal_index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
