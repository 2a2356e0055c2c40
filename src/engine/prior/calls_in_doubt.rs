//! The calls of a row that nobody knows about, with what can be done to find out.

use super::view::{Earlier, Side};
use crate::engine::row::{RowMachine, Scene};
use crate::journal::CallRef;
use crate::model::{Phase, Time};
use crate::plan::{AnswerUse, BoundStep, Plan, answer_use};

/// A call in doubt.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// Which call.
    pub call: CallRef,
    /// The step's id.
    pub step: String,
    /// The operation: the step's own, or its rollback's.
    pub operation: String,
    /// The read that can tell, where there is one for such a call.
    pub lookup: Option<String>,
    /// The element's place where the step has several, from 1.
    pub element: Option<u32>,
    /// When it was sent.
    pub since: Time,
    /// Why nobody knows.
    pub message: Option<String>,
    /// Whether the run has given it up; otherwise going on with the run may still tell.
    pub ended: bool,
    /// What has to be known of its answer for the row to go on.
    pub wanted: AnswerUse,
}

/// The calls in doubt of a row, or of the run's own steps, but those that wait to be repeated.
#[must_use]
pub fn doubts(side: &Side, earlier: Earlier<'_>) -> Vec<Doubt> {
    let Earlier { whose, key, cells, facts, .. } = earlier;
    let mut machine = side.machine(whose, key, cells, facts);
    let steps = side.plan.list(machine.list);
    machine.learn_all(steps);
    let calls = machine.state().doubts();
    calls.into_iter().filter_map(|call| doubt(side, &mut machine, steps, call, earlier)).collect()
}

fn doubt(
    side: &Side,
    machine: &mut RowMachine,
    steps: &[BoundStep],
    call: CallRef,
    earlier: Earlier<'_>,
) -> Option<Doubt> {
    let step = steps.get(call.step as usize)?;
    let bound = match call.phase {
        Phase::Do => &step.call,
        Phase::Rollback => step.rollback.as_ref()?,
    };
    let known = machine.state().call(call)?.clone();
    // A run that goes on finds out by itself.
    if known.waits_to_be_repeated() {
        return None;
    }
    let since = known.first_at.unwrap_or_default();
    let scene = side.scene(earlier.whose, since);
    let lookup = lookup_of(machine, scene, step, bound, call);
    Some(Doubt {
        call,
        step: step.id.clone(),
        operation: bound.operation.full_name().to_owned(),
        lookup,
        element: step.for_each.is_some().then_some(call.item + 1),
        since,
        message: known.ended.as_ref().and_then(|ended| ended.message.clone()),
        ended: known.ended.is_some(),
        wanted: wanted(&side.plan, step, call),
    })
}

/// The read that can tell what became of a call with these inputs.
fn lookup_of(
    machine: &mut RowMachine,
    scene: Scene<'_>,
    step: &BoundStep,
    bound: &crate::plan::BoundCall,
    call: CallRef,
) -> Option<String> {
    let (read, _) = bound.lookup.as_ref()?;
    let made = machine.render_call(scene, step, bound, call).ok()?;
    bound.operation.lookup_for(&made.inputs)?;
    Some(read.full_name().to_owned())
}

/// Nothing is asked of a rollback's answer.
fn wanted(plan: &Plan, step: &BoundStep, call: CallRef) -> AnswerUse {
    match call.phase {
        Phase::Do => answer_use(plan, &step.id),
        Phase::Rollback => AnswerUse::default(),
    }
}
