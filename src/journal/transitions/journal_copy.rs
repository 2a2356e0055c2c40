//! A row whose run continues from a copy of its journal: everything that may have been sent after the copy is in
//! doubt.
//!
//! The copy does not contain those sends. So one intent with the number 0, which no process wrote before a send,
//! stands for all calls that may have been intended since. Each call is put in doubt when the row reaches it, as
//! after a crash.

use std::sync::Arc;

use super::call_state::CallState;
use super::row_state::{ContinuedFromCopy, RowState};
use crate::journal::facts::{AttemptEnd, Attempted, CallRef, Fact, Intent, RowEnded, ScopeShape, StepShape};
use crate::model::{Map, Phase, RowOutcome, StepOutcome, Time};

/// The code of a call that is in doubt only because of a copy.
pub const COPY_CODE: &str = "copy";

/// The message for it.
pub const COPY_MESSAGE: &str = "it may have been sent after the copy from which the run went on";

impl RowState {
    /// Applies that the run continues from a copy.
    pub(super) fn went_on_from_a_copy(&mut self, since: Time) {
        self.copied = Some(ContinuedFromCopy { since, answered: false });
        if self.ended.is_some() {
            return;
        }
        let calls = self.steps.iter_mut().flat_map(|step| step.calls.iter_mut().chain(&mut step.undone));
        for call in calls.filter(|call| call.ended.is_none() && call.first_at.is_some()) {
            // It may have been sent again after the copy.
            call.open = true;
        }
    }

    /// Whether a call without any fact may have been sent after the copy.
    #[must_use]
    pub fn may_have_been_sent(&self, call: CallRef) -> bool {
        self.copied.is_some() && self.call(call).is_none_or(|known| known.first_at.is_none())
    }

    /// Whether the row may have gone further after the copy than the facts show.
    #[must_use]
    pub fn may_have_gone_on(&self) -> bool {
        self.copied.is_some() && self.ended.is_none() && self.continued_in.is_none()
    }

    /// Whether there is a call without any fact that may have been sent after the copy.
    pub(super) fn leaves_a_copy_open(&self, shape: &ScopeShape) -> bool {
        let taking_back = shape.undoing.is_some() || self.rolling_back;
        let open = |(place, about): (usize, &StepShape)| {
            let step = self.steps.get(place);
            if !taking_back {
                return about.write && step.is_none_or(|step| step.ended.is_none());
            }
            let calls = step.map(|step| step.calls.as_slice()).unwrap_or_default();
            let undone = |item| step.and_then(|step| step.undone.get(item));
            let left = |(item, call): (usize, &CallState)| {
                let about = shape.undoing.is_none() || call.imported_from == shape.undoing;
                about && call.made_an_effect() && undone(item).is_none_or(|undo| undo.ended.is_none())
            };
            about.rollback.is_some() && calls.iter().enumerate().any(left)
        };
        self.copied.is_some() && shape.steps.iter().enumerate().any(open)
    }
}

/// The facts that a row needs to continue from a copy: that it does, and the rollbacks that may have been sent.
/// `None` if the row had ended in the copy and nothing can follow.
#[must_use]
pub fn facts_for_copy_doubts(state: &RowState, shape: &ScopeShape) -> Option<Vec<Fact>> {
    let ended = state.ended.as_ref().map(|ended| ended.outcome);
    if state.continued_in.is_some() || ended.is_some_and(|outcome| outcome != RowOutcome::Unknown) {
        return None;
    }
    let mut facts = Vec::new();
    let mut last = None;
    // A row that is rolled back asks for each rollback in turn. Any other row may have been rolled back after the
    // copy.
    let forward = ended.is_none() && shape.undoing.is_none() && !state.rolling_back;
    for (place, (step, about)) in (0_u32..).zip(state.steps.iter().zip(&shape.steps)).filter(|_| forward) {
        let made = (0_u32..).zip(&step.calls).filter(|(_, call)| about.rollback.is_some() && call.made_an_effect());
        for (item, _) in made {
            let call = CallRef { step: place, item, phase: Phase::Rollback };
            facts.push(Fact::Intent(Intent { call, attempt: 1, ..Intent::of_a_copy() }));
            facts.push(Fact::Attempted(Attempted {
                call,
                end: AttemptEnd::Lost,
                outcome: Some(StepOutcome::Unknown),
                look_up: false,
                read: false,
                joined: false,
                token_known_expired: false,
                code: Some(COPY_CODE.to_owned()),
                message: Some(COPY_MESSAGE.to_owned()),
                request_id: None,
                outputs: Arc::default(),
                body: Arc::default(),
                http_status: None,
                took_ms: None,
                waited: Default::default(),
            }));
            last = Some(about.id.clone());
        }
    }
    if let Some(step) = last {
        facts.push(Fact::RowEnded(RowEnded {
            outcome: RowOutcome::Unknown,
            step: Some(step),
            code: Some(COPY_CODE.to_owned()),
            message: Some(format!("rollback: {COPY_MESSAGE}")),
            request_id: None,
            results: Map::new(),
        }));
    }
    Some(facts)
}

#[cfg(test)]
mod tests {
    use super::super::derive_outcome::derive_outcome;
    use super::super::sample::checked_fold;
    use super::*;
    use crate::journal::facts::StepEnded;
    use crate::journal::facts::sample::{answer, intent};
    use crate::model::Disposition;

    const MAKE: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };
    const FILL: CallRef = CallRef { step: 1, item: 0, phase: Phase::Do };

    fn shape() -> ScopeShape {
        let step = |id: &str| StepShape { id: id.into(), operation: "x.y".into(), write: true, ..StepShape::default() };
        let rollback = Some("x.undo".to_owned());
        ScopeShape { steps: vec![StepShape { rollback, ..step("make") }, step("fill")], undoing: None }
    }

    fn done(call: CallRef) -> [Fact; 3] {
        let good = answer(call, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        let (step, outcome) = (call.step, StepOutcome::Succeeded);
        [intent(call), good, Fact::StepEnded(StepEnded { step, outcome, code: None, message: None })]
    }

    fn marker() -> Fact {
        Fact::Intent(Intent::of_a_copy())
    }

    /// The state after some facts, which must all be lawful.
    fn fold(facts: &[Fact]) -> RowState {
        let (state, violations) = checked_fold(facts, &shape());
        assert_eq!(violations, Vec::<String>::new());
        state
    }

    #[test]
    fn a_row_that_had_not_begun_is_unknown_until_each_of_its_calls_is_decided() {
        assert_eq!(facts_for_copy_doubts(&fold(&[]), &shape()), Some(Vec::new()));
        let state = fold(&[marker()]);
        assert_eq!(derive_outcome(&state, &shape()), RowOutcome::Unknown);
        assert!(state.may_have_been_sent(MAKE) && state.may_have_been_sent(FILL) && state.may_have_gone_on());
        let half = fold(&[&[marker()][..], &done(MAKE)].concat());
        assert!(!half.may_have_been_sent(MAKE) && half.may_have_been_sent(FILL));
        assert_eq!(derive_outcome(&half, &shape()), RowOutcome::Unknown);
        assert!(half.copied.is_some_and(|copied| copied.answered));
        let whole = fold(&[&[marker()][..], &done(MAKE), &done(FILL)].concat());
        assert_eq!(derive_outcome(&whole, &shape()), RowOutcome::Succeeded);
    }

    #[test]
    fn after_a_copy_a_call_to_be_sent_again_is_in_doubt() {
        let throttled = answer(MAKE, AttemptEnd::Answered(Disposition::Throttled), None);
        let begun = [intent(MAKE), throttled];
        assert!(fold(&begun).doubts().is_empty());
        assert_eq!(fold(&[&begun[..], &[marker()]].concat()).doubts(), [MAKE]);
    }

    #[test]
    fn an_effect_that_may_have_been_taken_back_leaves_its_row_unknown_at_once() {
        let made = done(MAKE);
        let facts = facts_for_copy_doubts(&fold(&made), &shape()).unwrap();
        let state = fold(&[&made[..], &[marker()], &facts].concat());
        assert_eq!(state.doubts(), [CallRef { phase: Phase::Rollback, ..MAKE }]);
        assert_eq!(state.ended.map(|ended| ended.outcome), Some(RowOutcome::Unknown));
    }

    #[test]
    fn a_row_that_came_to_its_end_stays_as_it_is_and_an_unknown_one_may_have_gone_on() {
        let end = |outcome| {
            let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
            Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results })
        };
        let whole = [&done(MAKE)[..], &done(FILL), &[end(RowOutcome::Succeeded)]].concat();
        assert_eq!(facts_for_copy_doubts(&fold(&whole), &shape()), None);
        let lost = answer(MAKE, AttemptEnd::Lost, Some(StepOutcome::Unknown));
        let step = StepEnded { step: 0, outcome: StepOutcome::Unknown, code: None, message: None };
        let unknown = [intent(MAKE), lost, Fact::StepEnded(step), end(RowOutcome::Unknown)];
        assert_eq!(facts_for_copy_doubts(&fold(&unknown), &shape()), Some(Vec::new()));
        let state = fold(&[&unknown[..], &[marker()]].concat());
        assert!(state.ended.is_some() && state.may_have_been_sent(FILL));
    }

    #[test]
    fn only_a_row_that_went_on_from_a_copy_and_has_not_ended_may_have_gone_on() {
        let end = RowEnded {
            outcome: RowOutcome::Failed,
            step: None,
            code: None,
            message: None,
            request_id: None,
            results: Map::new(),
        };
        assert!(!fold(&[intent(MAKE)]).may_have_gone_on(), "no copy");
        assert!(fold(&[marker(), intent(MAKE)]).may_have_gone_on());
        assert!(!fold(&[marker(), Fact::RowEnded(end)]).may_have_gone_on());
        let later = crate::journal::facts::ContinuedIn {
            to: crate::model::RunId::from_text("later"),
            outcome: RowOutcome::Failed,
        };
        assert!(!fold(&[marker(), Fact::ContinuedIn(later)]).may_have_gone_on());
        assert!(!fold(&[]).may_have_been_sent(MAKE), "no copy");
    }

    #[test]
    fn a_row_that_is_being_taken_back_is_unknown_until_each_rollback_is_decided() {
        let undo = CallRef { phase: Phase::Rollback, ..MAKE };
        let begun = [&done(MAKE)[..], &[Fact::RollbackStarted, marker()]].concat();
        assert_eq!(facts_for_copy_doubts(&fold(&begun), &shape()), Some(Vec::new()), "each is asked for in turn");
        assert_eq!(derive_outcome(&fold(&begun), &shape()), RowOutcome::Unknown);
        let good = answer(undo, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        let whole = [&begun[..], &[intent(undo), good]].concat();
        assert_eq!(derive_outcome(&fold(&whole), &shape()), RowOutcome::Failed);
    }

    #[test]
    fn only_an_effect_that_has_a_rollback_may_have_been_taken_back() {
        let facts = facts_for_copy_doubts(&fold(&done(FILL)), &shape());
        assert_eq!(facts, Some(Vec::new()), "`fill` has no rollback");
        let facts = facts_for_copy_doubts(&fold(&done(MAKE)), &shape()).unwrap();
        let [Fact::Intent(intent), Fact::Attempted(lost), Fact::RowEnded(ended)] = facts.as_slice() else { panic!() };
        assert_eq!((intent.attempt, intent.is_of_a_copy(), lost.end), (1, false, AttemptEnd::Lost));
        assert_eq!((ended.step.as_deref(), ended.code.as_deref()), (Some("make"), Some(COPY_CODE)));
        let undoing = ScopeShape { undoing: Some(crate::model::RunId::from_text("first")), ..shape() };
        assert_eq!(facts_for_copy_doubts(&fold(&done(MAKE)), &undoing), Some(Vec::new()), "an undo asks in turn too");
    }
}
