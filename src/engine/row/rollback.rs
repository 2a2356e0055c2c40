//! Rolls back a row: which calls, in which order, and with what inputs.

use super::row_machine::{NextMove, RowMachine};
use super::step_context::{StepContext, to_journal_index};
use crate::journal::{CallRef, CallState, Fact, ScopeShape};
use crate::model::{Map, Phase, RunId};
use crate::plan::BoundStep;

/// Whether a call's effect is to be undone. In an undo, only effects of the undone run are.
pub(super) fn is_to_be_undone(shape: &ScopeShape, call: &CallState) -> bool {
    let about = shape.undoing.as_ref().is_none_or(|run| call.imported_from.as_ref() == Some(run));
    about && call.made_an_effect()
}

impl RowMachine {
    /// Undoes the row's effects one after another, the last one first, and then ends the row.
    pub(super) fn roll_back(&mut self, context: StepContext<'_>, steps: &[BoundStep]) -> Option<NextMove> {
        for place in (0..self.state.steps.len().min(steps.len())).rev() {
            let Some(rollback) = &steps[place].rollback else { continue };
            for item in (0..self.state.steps[place].calls.len()).rev() {
                let did = CallRef { step: to_journal_index(place), item: to_journal_index(item), phase: Phase::Do };
                let undo = CallRef { phase: Phase::Rollback, ..did };
                let made = self.state.call(did).is_some_and(|call| is_to_be_undone(context.shape, call));
                let over = self.state.call(undo).is_some_and(|call| call.ended.is_some());
                if !made || over {
                    continue;
                }
                if !self.state.rolling_back {
                    self.record(context.now, Fact::RollbackStarted);
                }
                return self.undo(context, &steps[place], rollback, undo);
            }
        }
        if context.shape.undoing.is_some() && !self.state.rolling_back {
            self.record(context.now, Fact::RollbackStarted);
        }
        self.end(context);
        None
    }

    /// The inputs of the call that undoes another one, by the `undo` of its operation's file.
    ///
    /// # Errors
    /// A code and a message: `no_undo` if the file gives no inputs for such a call; those of rendering the call
    /// itself.
    pub(in crate::engine) fn undo_inputs(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        undo: CallRef,
    ) -> Result<Map, (&'static str, String)> {
        let did = CallRef { phase: Phase::Do, ..undo };
        let known = self.state.call(did).cloned().unwrap_or_default();
        // The call is rendered as of the instant when it was sent, because its deadlines may have passed since.
        let then = known.first_at.unwrap_or(context.now);
        let made = self.render_call(StepContext { now: then, ..context }, step, &step.call, did)?;
        let outputs = known.ended.map(|ended| ended.outputs).unwrap_or_default();
        let undo = made.operation.undo.as_ref();
        let inputs =
            undo.map_or_else(|| Err("nothing takes it back".to_owned()), |undo| undo.inputs(&made.inputs, &outputs));
        inputs.map_err(|why| ("no_undo", why))
    }

    /// The calls of an earlier run that changed something, in the order in which they were made.
    pub(in crate::engine) fn calls_of(&self, run: &RunId) -> Vec<CallRef> {
        let steps = self.state.steps.iter().enumerate();
        steps
            .flat_map(|(step, known)| {
                let calls = known.calls.iter().enumerate();
                let made = calls.filter(|(_, call)| call.made_an_effect() && call.imported_from.as_ref() == Some(run));
                made.map(move |(item, _)| CallRef {
                    step: to_journal_index(step),
                    item: to_journal_index(item),
                    phase: Phase::Do,
                })
            })
            .collect()
    }
}
