//! The calls of a row that nobody knows about, with what can be done to find out.

use super::view::{PlanView, PriorRow};
use crate::engine::row::{RowMachine, StepContext};
use crate::journal::CallRef;
use crate::model::{Phase, Time};
use crate::plan::{AnswerUse, BoundStep, Plan, answer_use};

/// A call in doubt.
#[derive(Debug, Clone)]
pub struct CallInDoubt {
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
pub fn calls_in_doubt(side: &PlanView, prior: PriorRow<'_>) -> Vec<CallInDoubt> {
    let PriorRow { whose, key, cells, facts, .. } = prior;
    let mut machine = side.machine(whose, key, cells, facts);
    let steps = side.plan.list(machine.list);
    machine.publish_all_steps(steps);
    let calls = machine.state().doubts();
    calls.into_iter().filter_map(|call| doubt(side, &mut machine, steps, call, prior)).collect()
}

fn doubt(
    side: &PlanView,
    machine: &mut RowMachine,
    steps: &[BoundStep],
    call: CallRef,
    prior: PriorRow<'_>,
) -> Option<CallInDoubt> {
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
    let context = side.context(prior.whose, since);
    let lookup = lookup_of(machine, context, step, bound, call);
    Some(CallInDoubt {
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
    context: StepContext<'_>,
    step: &BoundStep,
    bound: &crate::plan::BoundCall,
    call: CallRef,
) -> Option<String> {
    let (read, _) = bound.lookup.as_ref()?;
    let made = machine.render_call(context, step, bound, call).ok()?;
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
