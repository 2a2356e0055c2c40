//! What facts from outside the run do to a row's state: calls settled, looked up anew, brought along.

use std::sync::Arc;

use super::call_state::{CallEnded, CallState};
use super::row_state::RowState;
use crate::journal::facts::{CallRef, ImportedCall, Settled};
use crate::model::{Phase, StepOutcome};

impl RowState {
    /// The row and its step go on as if the call had ended so by itself.
    pub(super) fn settled(&mut self, settled: &Settled) {
        // A row of which a rollback was made is being taken back, whoever knows it first.
        self.rolling_back |= settled.call.phase == Phase::Rollback && settled.outcome != StepOutcome::Failed;
        let call = self.open_again(settled.call);
        call.open = false;
        call.doubt = false;
        call.doubted = None;
        call.to_look_up = false;
        call.settled = true;
        call.ended = Some(CallEnded {
            outcome: settled.outcome,
            read: false,
            code: None,
            message: Some(settled.message()),
            request_id: None,
            outputs: Arc::new(settled.outputs.clone()),
            body: Arc::new(settled.body.clone()),
        });
    }

    pub(super) fn reopened(&mut self, call: CallRef) {
        let call = self.open_again(call);
        call.ended = None;
        call.doubt = true;
        call.to_look_up = true;
        // The run has said that it is unknown; it stays so until the lookup tells.
        call.may_be_repeated = false;
        call.lookups = 0;
    }

    /// Takes back the ends that an unknown call brought about.
    fn open_again(&mut self, call: CallRef) -> &mut CallState {
        self.ended = None;
        let step = self.step_mut(call.step);
        if step.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown) {
            step.ended = None;
        }
        self.call_mut(call)
    }

    pub(super) fn carried(&mut self, carried: &ImportedCall) {
        let call = self.call_mut(carried.call);
        call.first_at = Some(carried.made_at);
        call.hash.clone_from(&carried.hash);
        call.element.clone_from(&carried.element);
        call.imported_from = Some(carried.from.clone());
        call.ended = Some(CallEnded {
            outcome: carried.outcome,
            // Only a write has an intent, and with it a hash.
            read: carried.hash.is_none(),
            code: carried.code.clone(),
            message: carried.message.clone(),
            request_id: carried.request_id.clone(),
            outputs: Arc::new(carried.outputs.clone()),
            body: Arc::new(carried.body.clone()),
        });
    }

    /// The calls in doubt, those that do before those that undo.
    #[must_use]
    pub fn doubts(&self) -> Vec<CallRef> {
        let mut doubts = Vec::new();
        for (phase, undo) in [(Phase::Do, false), (Phase::Rollback, true)] {
            for (step, state) in (0_u32..).zip(&self.steps) {
                let calls = if undo { &state.undone } else { &state.calls };
                let items = (0_u32..).zip(calls).filter(|(_, call)| call.is_in_doubt());
                doubts.extend(items.map(|(item, _)| CallRef { step, item, phase }));
            }
        }
        doubts
    }
}
