//! How facts from outside the run (settled, reopened and imported calls) change a row's state.

use std::sync::Arc;

use super::call_state::{CallEnded, CallState};
use super::row_state::RowState;
use crate::journal::facts::{CallRef, ImportedCall, Settled};
use crate::model::{Phase, StepOutcome};

impl RowState {
    /// Applies a settled call: row and step go on as if the call had ended like this by itself.
    pub(super) fn settled(&mut self, settled: &Settled) {
        // A row with a rollback that took effect is being taken back, even if no fact said so before.
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
        // The run has reported it as unknown; that stays until a lookup decides.
        call.may_be_repeated = false;
        call.lookups = 0;
    }

    /// Removes the row's end, and the step's if it is unknown.
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

    /// The calls in doubt: first those that make an effect, then rollbacks.
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

#[cfg(test)]
mod tests {
    use super::super::sample::checked_fold;
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{AttemptEnd, Fact, ScopeShape, StepEnded};
    use crate::model::{Map, Value};

    const CALL: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };
    const UNDO: CallRef = CallRef { phase: Phase::Rollback, ..CALL };

    fn fold(facts: &[Fact]) -> RowState {
        checked_fold(facts, &ScopeShape::default()).0
    }

    fn settled(call: CallRef, outcome: StepOutcome) -> Fact {
        let (note, who) = (None, "mei".to_owned());
        Fact::Settled(Settled { call, outcome, outputs: Map::new(), body: Value::Null, note, who })
    }

    fn unknown(call: CallRef) -> Vec<Fact> {
        let lost = answer(call, AttemptEnd::Lost, Some(StepOutcome::Unknown));
        let ended = StepEnded { step: call.step, outcome: StepOutcome::Unknown, code: None, message: None };
        vec![intent(call), lost, Fact::StepEnded(ended)]
    }

    #[test]
    fn a_settled_rollback_that_took_effect_shows_that_the_row_is_being_taken_back() {
        for (call, outcome, rolling_back) in [
            (UNDO, StepOutcome::Succeeded, true),
            (UNDO, StepOutcome::Failed, false),
            (CALL, StepOutcome::Succeeded, false),
        ] {
            let state = fold(&[unknown(call), vec![settled(call, outcome)]].concat());
            assert_eq!(state.rolling_back, rolling_back, "{call:?} {outcome:?}");
        }
        let state =
            fold(&[vec![Fact::RollbackStarted], unknown(UNDO), vec![settled(UNDO, StepOutcome::Failed)]].concat());
        assert!(state.rolling_back, "it was before");
    }

    #[test]
    fn settling_clears_every_doubt_and_the_unknown_end_of_the_step_only() {
        let state = fold(&[unknown(CALL), vec![settled(CALL, StepOutcome::Succeeded)]].concat());
        let call = state.call(CALL).unwrap();
        assert!(call.settled && !call.open && !call.doubt && !call.to_look_up && call.doubted.is_none());
        assert_eq!((state.steps[0].ended.as_ref(), call.ended.as_ref().map(|ended| ended.read)), (None, Some(false)));
        let failed = StepEnded { step: 0, outcome: StepOutcome::Failed, code: None, message: None };
        let mut facts = unknown(CALL);
        facts.push(Fact::StepEnded(failed.clone()));
        facts.push(settled(CALL, StepOutcome::Succeeded));
        assert_eq!(fold(&facts).steps[0].ended, Some(failed), "another end stands");
    }

    #[test]
    fn a_reopened_call_is_looked_up_next_and_counts_its_lookups_from_nothing() {
        let failed = || answer(CALL, AttemptEnd::LookupFailed, None);
        let mut facts = vec![intent(CALL), answer(CALL, AttemptEnd::Lost, None), failed(), failed()];
        facts.push(answer(CALL, AttemptEnd::LookupFailed, Some(StepOutcome::Unknown)));
        assert_eq!(fold(&facts).call(CALL).unwrap().lookups, 3);
        facts.push(Fact::Reopened(CALL));
        let state = fold(&facts);
        let call = state.call(CALL).unwrap();
        assert!(call.doubt && call.to_look_up && !call.may_be_repeated && call.ended.is_none());
        assert_eq!(call.lookups, 0);
    }

    #[test]
    fn doubts_name_calls_before_rollbacks_in_the_order_of_steps_and_elements() {
        let call = |step, item| CallRef { step, item, phase: Phase::Do };
        let facts = [UNDO, call(1, 2), call(1, 0), CALL].map(intent);
        assert_eq!(fold(&facts).doubts(), [CALL, call(1, 0), call(1, 2), UNDO]);
        assert_eq!(fold(&[]).doubts(), []);
    }
}
