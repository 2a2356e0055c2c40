//! Undoes what an earlier run did: the facts that its rows begin with, and a preview of what will be sent.

use std::collections::HashSet;
use std::sync::Arc;

use super::view::{PlanView, PriorRow, carried};
use crate::journal::{CallRef, Fact, RowState, StepEnded, is_undone};
use crate::model::{Map, Phase, RunId, StepOutcome, Time};
use crate::plan::BoundStep;
use crate::provider::Operation;

/// A call of the earlier run, and how it is undone.
#[derive(Debug, Clone)]
pub struct UndoStep {
    /// The step's id.
    pub step: String,
    /// The call's operation.
    pub made: String,
    /// How it is undone, or a sentence why it is not.
    pub by: Result<UndoneBy, String>,
}

/// How a call is undone.
#[derive(Debug, Clone)]
pub enum UndoneBy {
    /// By a call.
    Call {
        /// The operation.
        operation: Arc<Operation>,
        /// The inputs.
        inputs: Map,
    },
    /// Together with this step, whose outputs it used.
    With(String),
}

/// The calls of a row that the run made itself and whose effects exist.
#[must_use]
pub fn standing_effects(side: &PlanView, prior: PriorRow<'_>) -> Vec<CallRef> {
    let state = RowState::fold(prior.facts.iter().map(|(at, fact)| (*at, fact)));
    let shape = side.shape(prior.scope);
    let mut standing = Vec::new();
    for (step, known) in (0_u32..).zip(&state.steps) {
        let write = shape.steps.get(step as usize).is_some_and(|step| step.write);
        for (item, call) in (0_u32..).zip(&known.calls).filter(|_| write) {
            let place = CallRef { step, item, phase: Phase::Do };
            if call.made_an_effect() && call.imported_from.is_none() && !is_undone(&state, shape, place) {
                standing.push(place);
            }
        }
    }
    standing
}

/// The calls of a row of an undo that are undone.
#[must_use]
pub fn undone_already(side: &PlanView, prior: PriorRow<'_>) -> HashSet<CallRef> {
    let state = RowState::fold(prior.facts.iter().map(|(at, fact)| (*at, fact)));
    let shape = side.shape(prior.scope);
    let calls = (0_u32..).zip(&state.steps).flat_map(|(step, known)| {
        (0_u32..).zip(&known.calls).map(move |(item, _)| CallRef { step, item, phase: Phase::Do })
    });
    calls.filter(|call| is_undone(&state, shape, *call)).collect()
}

/// The facts that a row of an undo begins with: every call that is done. Those in `undo` are imported from the
/// earlier run and will be undone; the others are imported from `other`.
#[must_use]
pub fn undo_facts(prior: PriorRow<'_>, undo: &HashSet<CallRef>, other: &RunId) -> Vec<Fact> {
    let state = RowState::fold(prior.facts.iter().map(|(at, fact)| (*at, fact)));
    let mut facts = Vec::new();
    for (step, known) in (0_u32..).zip(&state.steps) {
        for (item, call) in (0_u32..).zip(&known.calls).filter(|(_, call)| call.is_done()) {
            let place = CallRef { step, item, phase: Phase::Do };
            let from = if undo.contains(&place) { prior.run } else { other };
            facts.push(Fact::ImportedCall(carried(place, call, call.element.clone(), from.clone())));
        }
        let outcome = known.ended.as_ref().map_or(StepOutcome::Failed, |ended| ended.outcome);
        if known.ended.is_some() || !known.calls.is_empty() {
            facts.push(Fact::StepEnded(StepEnded { step, outcome, code: None, message: None }));
        }
    }
    facts
}

/// What will be sent for a row of an undo, the last step first, and why a call is not undone. `facts` are those that
/// the row begins with; `why_not` says why a step has no rollback.
pub fn undo_preview(
    side: &PlanView,
    prior: PriorRow<'_>,
    facts: &[(Time, Fact)],
    now: Time,
    why_not: &dyn Fn(&BoundStep) -> String,
) -> Vec<UndoStep> {
    let PriorRow { scope, key, cells, run, .. } = prior;
    let mut machine = side.machine(scope, key, cells, facts);
    let steps = side.plan.list(machine.list);
    machine.publish_all_steps(steps);
    let calls: Vec<CallRef> = machine.calls_of(run);
    let undone_by_own: HashSet<u32> =
        calls.iter().filter(|call| steps[call.step as usize].rollback.is_some()).map(|call| call.step).collect();
    let mut preview = Vec::new();
    for call in calls.into_iter().rev() {
        let step = &steps[call.step as usize];
        let hangs_on = &side.shape(scope).steps[call.step as usize].taken_back_with;
        let by = match (&step.rollback, hangs_on.iter().find(|on| undone_by_own.contains(on))) {
            (Some(rollback), _) => {
                let undo = CallRef { phase: Phase::Rollback, ..call };
                let made = machine.render_call(side.context(scope, now), step, rollback, undo);
                made.map(|made| UndoneBy::Call { operation: made.operation, inputs: made.inputs })
                    .map_err(|(_, why)| why)
            }
            (None, Some(on)) => Ok(UndoneBy::With(steps[*on as usize].id.clone())),
            (None, None) => Err(why_not(step)),
        };
        preview.push(UndoStep { step: step.id.clone(), made: step.call.operation.full_name().to_owned(), by });
    }
    preview
}
