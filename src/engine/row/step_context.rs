//! What a row's machine needs besides its row: the plan, the shape of its list, the seed and the instant.

use crate::journal::ScopeShape;
use crate::model::{StepScope as Whose, Time, Value};
use crate::plan::Plan;
use crate::policy::SeededRng;
use crate::template::Scope;

/// What a machine needs besides its row.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Scene<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The shape of the machine's list.
    pub shape: &'a ScopeShape,
    /// The run's dice.
    pub dice: SeededRng,
    /// The instant it is.
    pub now: Time,
}

/// The names that all rows of a plan share.
pub(in crate::engine) fn base_scope(plan: &Plan) -> Scope {
    let mut base = Scope::new();
    base.set("vars", Value::Object(plan.vars.clone()));
    base.set("run", Value::Object(plan.run.clone()));
    base.set_identity(plan.identity.clone());
    base
}

/// Which of the shapes a scope has.
pub(in crate::engine) fn shape_of(whose: Whose) -> usize {
    match whose {
        Whose::Before => 0,
        Whose::Row(_) | Whose::Run => 1,
        Whose::After => 2,
    }
}

/// A place as the journal counts it.
pub(in crate::engine) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
