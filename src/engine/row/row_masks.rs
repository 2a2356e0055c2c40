//! The values of a row that people must not see: sensitive cells, and sensitive inputs and outputs of its calls.

use super::row_machine::RowMachine;
use super::step_context::{StepContext, to_journal_index};
use crate::journal::CallRef;
use crate::model::{Masks, Phase};

impl RowMachine {
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
