//! What of a row people must not see: its sensitive cells, and what its calls took and brought.

use super::view::{Earlier, Side};
use crate::engine::row::number;
use crate::journal::CallRef;
use crate::model::{Masks, Phase};

/// The values of a row, or of the run's own steps, that vendors may echo and that no screen shows.
#[must_use]
pub fn row_masks(side: &Side, earlier: Earlier<'_>) -> Masks {
    let Earlier { whose, key, cells, facts, .. } = earlier;
    let mut masks = side.plan.masks(cells);
    if side.plan.is_unmasked() {
        return masks;
    }
    let mut machine = side.machine(whose, key, cells, facts);
    let steps = side.plan.list(machine.list);
    machine.learn_all(steps);
    let known = machine.state().steps.clone();
    for (place, (step, state)) in steps.iter().zip(&known).enumerate() {
        let phases =
            [(Phase::Do, Some(&step.call), &state.calls), (Phase::Rollback, step.rollback.as_ref(), &state.undone)];
        for (phase, bound, calls) in phases {
            let Some(bound) = bound else { continue };
            for (item, call) in calls.iter().enumerate() {
                let call_ref = CallRef { step: number(place), item: number(item), phase };
                let scene = side.scene(whose, call.first_at.unwrap_or_default());
                machine.mask_call(scene, step, bound, call_ref, &mut masks);
                if let Some(ended) = &call.ended {
                    bound.operation.mask_outputs(&ended.outputs, &mut masks);
                }
            }
        }
    }
    masks
}
