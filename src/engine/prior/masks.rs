//! The values of a row that people must not see: sensitive cells, and sensitive inputs and outputs of its calls.

use super::view::{PlanView, PriorRow};
use crate::engine::row::to_journal_index;
use crate::journal::CallRef;
use crate::model::{Masks, Phase};

/// The values of a row, or of the steps that run once, that must be masked wherever people look: vendors may echo them.
#[must_use]
pub fn row_masks(side: &PlanView, prior: PriorRow<'_>) -> Masks {
    let PriorRow { scope, key, cells, facts, .. } = prior;
    let mut masks = side.plan.masks(cells);
    if side.plan.is_unmasked() {
        return masks;
    }
    let mut machine = side.machine(scope, key, cells, facts);
    let steps = side.plan.list(machine.list);
    machine.publish_all_steps(steps);
    let known = machine.state().steps.clone();
    for (place, (step, state)) in steps.iter().zip(&known).enumerate() {
        let phases =
            [(Phase::Do, Some(&step.call), &state.calls), (Phase::Rollback, step.rollback.as_ref(), &state.undone)];
        for (phase, bound, calls) in phases {
            let Some(bound) = bound else { continue };
            for (item, call) in calls.iter().enumerate() {
                let call_ref = CallRef { step: to_journal_index(place), item: to_journal_index(item), phase };
                let context = side.context(scope, call.first_at.unwrap_or_default());
                machine.mask_call(context, step, bound, call_ref, &mut masks);
                if let Some(ended) = &call.ended {
                    bound.operation.mask_outputs(&ended.outputs, &mut masks);
                }
            }
        }
    }
    masks
}
