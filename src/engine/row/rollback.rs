//! Taking back what a row did: which calls, in which order, and with what inputs.

use super::row_machine::{Next, RowMachine};
use super::step_context::{Scene, number};
use crate::journal::{CallRef, CallState, Fact, ScopeShape};
use crate::model::{Map, Phase, RunId};
use crate::plan::BoundStep;

/// Whether what a call did is to be taken back: in an undo only what the run that is undone made itself.
pub(super) fn is_about(shape: &ScopeShape, call: &CallState) -> bool {
    let about = shape.undoing.as_ref().is_none_or(|run| call.imported_from.as_ref() == Some(run));
    about && call.made_an_effect()
}

impl RowMachine {
    /// A failed step ends the row: what it did is taken back, last step first.
    pub(super) fn roll_back(&mut self, scene: Scene<'_>, steps: &[BoundStep]) -> Option<Next> {
        for place in (0..self.state.steps.len().min(steps.len())).rev() {
            let Some(rollback) = &steps[place].rollback else { continue };
            for item in (0..self.state.steps[place].calls.len()).rev() {
                let did = CallRef { step: number(place), item: number(item), phase: Phase::Do };
                let undo = CallRef { phase: Phase::Rollback, ..did };
                let made = self.state.call(did).is_some_and(|call| is_about(scene.shape, call));
                let over = self.state.call(undo).is_some_and(|call| call.ended.is_some());
                if !made || over {
                    continue;
                }
                if !self.state.rolling_back {
                    self.record(scene.now, Fact::RollbackStarted);
                }
                return self.undo(scene, &steps[place], rollback, undo);
            }
        }
        if scene.shape.undoing.is_some() && !self.state.rolling_back {
            self.record(scene.now, Fact::RollbackStarted);
        }
        self.end(scene);
        None
    }

    /// The inputs of the call that takes another one back, as the operation's file says.
    pub(in crate::engine) fn undo_inputs(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        undo: CallRef,
    ) -> Result<Map, (&'static str, String)> {
        let did = CallRef { phase: Phase::Do, ..undo };
        let known = self.state.call(did).cloned().unwrap_or_default();
        // The call is judged by the rules of time as of when it was sent.
        let then = known.first_at.unwrap_or(scene.now);
        let made = self.render_call(Scene { now: then, ..scene }, step, &step.call, did)?;
        let outputs = known.ended.map(|ended| ended.outputs).unwrap_or_default();
        let undo = made.operation.undo.as_ref();
        let inputs =
            undo.map_or_else(|| Err("nothing takes it back".to_owned()), |undo| undo.inputs(&made.inputs, &outputs));
        inputs.map_err(|why| ("no_undo", why))
    }

    /// The calls that a run made and that changed something, in order.
    pub(in crate::engine) fn calls_of(&self, run: &RunId) -> Vec<CallRef> {
        let steps = self.state.steps.iter().enumerate();
        steps
            .flat_map(|(step, known)| {
                let calls = known.calls.iter().enumerate();
                let made = calls.filter(|(_, call)| call.made_an_effect() && call.imported_from.as_ref() == Some(run));
                made.map(move |(item, _)| CallRef { step: number(step), item: number(item), phase: Phase::Do })
            })
            .collect()
    }
}
