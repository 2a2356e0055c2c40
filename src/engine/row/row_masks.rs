//! The values of a row that people must not see: sensitive cells, and sensitive inputs and outputs of its calls.

use super::row_machine::RowMachine;
use super::step_context::{StepContext, to_journal_index};
use crate::journal::CallRef;
use crate::model::{Masks, Phase, Value};

impl RowMachine {
    /// The values of the row, or of the steps that run once, that must be masked wherever people look. Must not be called
    /// for a row that goes on.
    pub(in crate::engine) fn masks(&mut self, context: StepContext<'_>) -> Masks {
        let mut masks = context.plan.masks(self.scope.get(&["row"]).and_then(Value::as_object));
        if !context.plan.is_unmasked() {
            self.mask_calls(context, &mut masks);
        }
        masks
    }

    /// Adds the sensitive inputs and outputs of the row's calls, each as of the instant when the call was first sent.
    pub(in crate::engine) fn mask_calls(&mut self, context: StepContext<'_>, masks: &mut Masks) {
        let steps = context.plan.list(self.list);
        self.publish_all_steps(steps);
        let known = self.state().steps.clone();
        for (place, (step, state)) in steps.iter().zip(&known).enumerate() {
            let phases =
                [(Phase::Do, Some(&step.call), &state.calls), (Phase::Rollback, step.rollback.as_ref(), &state.undone)];
            for (phase, bound, calls) in phases {
                let Some(bound) = bound else { continue };
                for (item, call) in calls.iter().enumerate() {
                    let call_ref = CallRef { step: to_journal_index(place), item: to_journal_index(item), phase };
                    let context = StepContext { now: call.first_at.unwrap_or_default(), ..context };
                    self.mask_call(context, step, bound, call_ref, masks);
                    if let Some(ended) = &call.ended {
                        bound.operation.mask_outputs(&ended.outputs, masks);
                    }
                }
            }
        }
    }
}
