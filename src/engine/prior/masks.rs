//! The values of a row that people must not see: sensitive cells, and sensitive inputs and outputs of its calls.

use super::view::{PlanView, PriorRow};
use crate::model::{Masks, Time};

/// The values of a row, or of the steps that run once, that must be masked wherever people look: vendors may echo them.
#[must_use]
pub fn row_masks(side: &PlanView, prior: PriorRow<'_>) -> Masks {
    let masks = side.plan.masks(prior.cells);
    let known = side.plan.is_unmasked() || (prior.cells.is_some() && side.plan.masks_come_from_cells());
    if !known {
        return with_calls(side, prior, masks);
    }
    debug_assert!(
        side.plan.is_unmasked() || with_calls(side, prior, masks.clone()) == masks,
        "the calls of a row have more to mask than its cells"
    );
    masks
}

/// Adds what the calls of a row sent and got.
fn with_calls(side: &PlanView, prior: PriorRow<'_>, mut masks: Masks) -> Masks {
    let PriorRow { scope, key, cells, facts, .. } = prior;
    side.machine(scope, key, cells, facts).mask_calls(side.context(scope, Time::default()), &mut masks);
    masks
}
