//! The calls of a row that may or may not have taken effect, and how to find out.

use super::view::{PlanView, PriorRow};
use crate::engine::row::{RowMachine, StepContext};
use crate::journal::CallRef;
use crate::model::{Phase, Time};
use crate::plan::{AnswerUse, BoundStep, Plan, answer_use};

/// A call in doubt.
#[derive(Debug, Clone)]
pub struct CallInDoubt {
    /// The call.
    pub call: CallRef,
    /// The step's id.
    pub step: String,
    /// The operation of the step, or of its rollback.
    pub operation: String,
    /// The operation of its lookup; `None` if no lookup can show it.
    pub lookup: Option<String>,
    /// The number of its `for_each` element, from 1; `None` without `for_each`.
    pub element: Option<u32>,
    /// When it was first sent.
    pub since: Time,
    /// Why it is unknown, in a sentence; `None` while the call has not ended.
    pub message: Option<String>,
    /// Whether it ended as unknown. If not, resuming the run may still find out.
    pub ended: bool,
    /// The parts of its answer that the rest of the row needs.
    pub wanted: AnswerUse,
}

/// The calls in doubt of a row, or of the steps that run once, except those that a resumed run sends again by itself.
#[must_use]
pub fn calls_in_doubt(side: &PlanView, prior: PriorRow<'_>) -> Vec<CallInDoubt> {
    let PriorRow { scope, key, cells, facts, .. } = prior;
    let mut machine = side.machine(scope, key, cells, facts);
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
    // A resumed run sends it again and so finds out.
    if known.waits_to_be_repeated() {
        return None;
    }
    let since = known.first_at.unwrap_or_default();
    let context = side.context(prior.scope, since);
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

/// The operation of the lookup that can show the call's effect; `None` if there is none.
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

/// The parts of a call's answer that the rest of the row needs; nothing for a rollback.
fn wanted(plan: &Plan, step: &BoundStep, call: CallRef) -> AnswerUse {
    match call.phase {
        Phase::Do => answer_use(plan, &step.id),
        Phase::Rollback => AnswerUse::default(),
    }
}
