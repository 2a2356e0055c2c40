//! The state of a row: the fold of its facts, in a live run and on resume.

use super::call_state::{CallEnded, CallState};
use crate::journal::facts::{AttemptEnd, Attempted, CallRef, Fact, RowEnded, StepEnded};
use crate::model::{Disposition, Phase, RunId, StepOutcome, Time};
use crate::policy::EffectCounts;

/// A row whose run was continued from a copy of its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContinuedFromCopy {
    /// The earliest instant at which unknown calls may have been sent.
    pub since: Time,
    /// Whether an answer has arrived since. What depends on it may differ from what was sent before.
    pub answered: bool,
}

/// Whether a resumed run goes on with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoesOn {
    /// No: it has ended, continues in another run, or a call of it needs a person's word.
    No,
    /// Yes: what is missing has not been sent.
    Yes,
    /// Yes: a call of it was sent and not answered, and is looked up or sent again.
    InDoubt,
}

/// One step's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepState {
    /// Its calls by element index; grows as they are sent.
    pub calls: Vec<CallState>,
    /// Their rollbacks, by the same index.
    pub undone: Vec<CallState>,
    /// How it ended.
    pub ended: Option<StepEnded>,
}

/// One row's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowState {
    /// Its steps in the playbook's order; grows as facts name them.
    pub steps: Vec<StepState>,
    /// Whether the row is being rolled back.
    pub rolling_back: bool,
    /// How it ended.
    pub ended: Option<RowEnded>,
    /// The later run in which it is continued.
    pub continued_in: Option<RunId>,
    /// Set if the run continues from a copy of its journal.
    pub copied: Option<ContinuedFromCopy>,
    /// Requests sent for the row's steps and rollbacks, with repeats and without lookups.
    pub sends: u64,
}

impl RowState {
    /// The state after `facts`.
    pub fn fold<'f>(facts: impl IntoIterator<Item = (Time, &'f Fact)>) -> Self {
        let mut state = Self::default();
        facts.into_iter().for_each(|(at, fact)| state.apply(at, fact));
        state
    }

    /// The state of one call; `None` if no fact names it or a later one.
    #[must_use]
    pub fn call(&self, call: CallRef) -> Option<&CallState> {
        let step = self.steps.get(call.step as usize)?;
        let calls = if call.phase == Phase::Do { &step.calls } else { &step.undone };
        calls.get(call.item as usize)
    }

    pub(super) fn call_mut(&mut self, call: CallRef) -> &mut CallState {
        let step = self.step_mut(call.step);
        let calls = if call.phase == Phase::Do { &mut step.calls } else { &mut step.undone };
        let place = call.item as usize;
        if calls.len() <= place {
            calls.resize_with(place + 1, CallState::default);
        }
        &mut calls[place]
    }

    pub(super) fn step_mut(&mut self, step: u32) -> &mut StepState {
        let place = step as usize;
        if self.steps.len() <= place {
            self.steps.resize_with(place + 1, StepState::default);
        }
        &mut self.steps[place]
    }

    /// Applies one fact.
    pub fn apply(&mut self, at: Time, fact: &Fact) {
        match fact {
            Fact::Intent(intent) if intent.is_of_a_copy() => self.went_on_from_a_copy(at),
            Fact::Intent(intent) => {
                // A call that a copy does not show may have been sent as early as that.
                let first = self.copied.map_or(at, |copied| copied.since.min(at));
                let call = self.call_mut(intent.call);
                call.open = true;
                call.first_at.get_or_insert(first);
                call.last_at = Some(at);
                call.hash = Some(intent.hash.clone());
                call.element.clone_from(&intent.element);
                call.counts.clone_from(&intent.counts);
            }
            Fact::Attempted(attempted) => self.attempted(at, attempted),
            Fact::StepEnded(ended) => self.step_mut(ended.step).ended = Some(ended.clone()),
            Fact::RollbackStarted => self.rolling_back = true,
            Fact::RowEnded(ended) => self.ended = Some(ended.clone()),
            Fact::Settled(settled) => self.settled(settled),
            Fact::Reopened(call) => self.reopened(*call),
            Fact::ImportedCall(carried) => self.carried(carried),
            Fact::ContinuedIn(handed) => self.continued_in = Some(handed.to.clone()),
            Fact::Began { .. } | Fact::Steered(_) | Fact::Stopped(_) | Fact::Finished => {}
        }
    }

    /// Whether the row has any fact of a step or its end.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !self.steps.is_empty() || self.ended.is_some()
    }

    /// Whether a resumed run goes on with it.
    #[must_use]
    pub fn goes_on(&self) -> GoesOn {
        let is_unknown =
            |call: &CallState| call.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown);
        let mut calls = self.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
        if self.ended.is_some() || self.continued_in.is_some() || calls.any(is_unknown) {
            GoesOn::No
        } else if self.doubts().is_empty() {
            GoesOn::Yes
        } else {
            GoesOn::InDoubt
        }
    }

    /// The effects that the row made or may have made, by kind, as the effect budget counts them.
    #[must_use]
    pub fn effects(&self) -> EffectCounts {
        let mut effects = EffectCounts::new();
        let calls = self.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
        for word in calls.filter(|call| call.may_have_an_effect()).flat_map(|call| &call.counts) {
            *effects.entry(word.clone()).or_default() += 1;
        }
        effects
    }

    fn attempted(&mut self, at: Time, attempted: &Attempted) {
        let sent = !matches!(attempted.end, AttemptEnd::NotMade);
        if let (Some(copied), AttemptEnd::Answered(_)) = (&mut self.copied, attempted.end) {
            copied.answered = true;
        }
        self.sends += u64::from(sent && !attempted.end.is_of_a_lookup());
        let call = self.call_mut(attempted.call);
        call.first_at.get_or_insert(at);
        call.last_at = Some(at);
        call.all_sends += u32::from(sent);
        call.count(attempted.end);
        call.keep_doubt(attempted);
        let expired = attempted.end == AttemptEnd::Answered(Disposition::ExpiredToken);
        call.renewals += u32::from(expired && !attempted.token_known_expired);
        call.to_look_up = attempted.look_up;
        if attempted.outcome.is_none()
            && matches!(attempted.end, AttemptEnd::Answered(disposition) if disposition.is_done())
        {
            call.polled();
        }
        call.keep_said(attempted);
        if let Some(outcome) = attempted.outcome {
            let said = call.said_at_the_end(attempted);
            call.ended = Some(CallEnded {
                outcome,
                read: attempted.read,
                code: said.code,
                message: said.message,
                request_id: said.request_id,
                outputs: attempted.outputs.clone(),
                body: attempted.body.clone(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::facts::Intent;
    use crate::journal::facts::sample::{answer, intent};
    use crate::model::{Map, RowOutcome};
    use crate::policy::StopReason;

    const CALL: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };
    const UNDO: CallRef = CallRef { phase: Phase::Rollback, ..CALL };

    fn at(secs: i64) -> Time {
        Time::from_secs(secs)
    }

    fn counted(call: CallRef, words: &[&str]) -> Fact {
        let Fact::Intent(plain) = intent(call) else { panic!("an intent") };
        Fact::Intent(Intent { counts: words.iter().map(|word| (*word).to_owned()).collect(), ..plain })
    }

    fn fold(facts: &[Fact]) -> RowState {
        RowState::fold((1..).map(Time::from_secs).zip(facts))
    }

    #[test]
    fn a_row_goes_on_until_it_ends_or_needs_a_persons_word() {
        let unknown = |outcome| {
            Fact::Settled(crate::journal::facts::Settled {
                call: CALL,
                outcome,
                outputs: Map::new(),
                body: crate::model::Value::Null,
                note: None,
                who: "mei".into(),
            })
        };
        assert_eq!(fold(&[]).goes_on(), GoesOn::Yes);
        assert_eq!(fold(&[intent(CALL)]).goes_on(), GoesOn::InDoubt);
        assert_eq!(fold(&[intent(CALL), unknown(StepOutcome::Failed)]).goes_on(), GoesOn::Yes);
        assert_eq!(fold(&[intent(CALL), unknown(StepOutcome::Unknown)]).goes_on(), GoesOn::No);
        assert_eq!(fold(&[intent(UNDO), intent(CALL), unknown(StepOutcome::Unknown)]).goes_on(), GoesOn::No);
        let to = RunId::from_text("later");
        let handed = Fact::ContinuedIn(crate::journal::facts::ContinuedIn { to, outcome: RowOutcome::Failed });
        assert_eq!(fold(&[handed]).goes_on(), GoesOn::No);
    }

    #[test]
    fn the_last_intent_gives_hash_element_and_counts() {
        let Fact::Intent(plain) = counted(CALL, &["sms"]) else { panic!("an intent") };
        let second = Intent { hash: "new".into(), element: None, counts: vec!["mail".into()], ..plain };
        let state = fold(&[counted(CALL, &["sms"]), Fact::Intent(second)]);
        let call = state.call(CALL).unwrap();
        assert_eq!((call.hash.as_deref(), call.element.as_deref(), call.open), (Some("new"), None, true));
        assert_eq!(
            (call.counts.as_slice(), call.first_at, call.last_at),
            (&["mail".to_owned()][..], Some(at(1)), Some(at(2)))
        );
    }

    #[test]
    fn calls_have_their_places_by_step_element_and_phase() {
        let third = CallRef { step: 1, item: 2, phase: Phase::Do };
        let state = fold(&[intent(third), intent(UNDO)]);
        assert_eq!((state.steps.len(), state.steps[1].calls.len(), state.steps[1].undone.len()), (2, 3, 0));
        assert_eq!((state.steps[0].calls.len(), state.steps[0].undone.len()), (0, 1));
        assert!(state.call(third).unwrap().open && state.call(UNDO).unwrap().open);
        assert!(!state.call(CallRef { item: 1, ..third }).unwrap().open, "its neighbour is fresh");
        assert!(state.call(CALL).is_none() && state.call(CallRef { step: 2, ..CALL }).is_none());
        assert!(state.call(CallRef { item: 3, ..third }).is_none());
        let again = fold(&[intent(third), intent(CallRef { item: 0, ..third }), intent(third)]);
        assert_eq!(again.steps[1].calls.len(), 3, "an earlier element takes no place away");
    }

    #[test]
    fn steps_and_rows_end_as_their_facts_say() {
        let (code, message) = (None, None);
        let step = StepEnded { step: 1, outcome: StepOutcome::Skipped, code, message };
        let (outcome, step_id, code, message, request_id) = (RowOutcome::Skipped, None, None, None, None);
        let row = RowEnded { outcome, step: step_id, code, message, request_id, results: Map::new() };
        let state = fold(&[Fact::StepEnded(step.clone()), Fact::RollbackStarted, Fact::RowEnded(row.clone())]);
        assert_eq!((state.steps[0].ended.as_ref(), state.steps[1].ended.as_ref()), (None, Some(&step)));
        assert_eq!((state.rolling_back, state.ended.as_ref()), (true, Some(&row)));
    }

    #[test]
    fn a_row_has_begun_once_a_step_or_its_end_is_known() {
        assert!(!fold(&[]).has_begun());
        assert!(
            !fold(&[Fact::Began { process: 1, by: None }, Fact::Stopped(StopReason::Settled), Fact::Finished])
                .has_begun()
        );
        assert!(fold(&[intent(CALL)]).has_begun());
        let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
        let ended = RowEnded { outcome: RowOutcome::Failed, step, code, message, request_id, results };
        assert!(fold(&[Fact::RowEnded(ended)]).has_begun());
    }

    #[test]
    fn effects_are_counted_by_word_over_calls_and_rollbacks_that_may_have_made_one() {
        let done = |call, outcome| answer(call, AttemptEnd::Answered(Disposition::Succeeded), Some(outcome));
        let second = CallRef { item: 1, ..CALL };
        let third = CallRef { item: 2, ..CALL };
        let state = fold(&[
            counted(CALL, &["sms", "sms", "contract"]),
            done(CALL, StepOutcome::Succeeded),
            counted(second, &["sms"]),
            done(second, StepOutcome::Failed),
            counted(third, &["sms"]),
            counted(UNDO, &["cancel"]),
            answer(UNDO, AttemptEnd::Lost, Some(StepOutcome::Unknown)),
        ]);
        let expected = [("cancel", 1), ("contract", 1), ("sms", 3)].map(|(word, count)| (word.to_owned(), count));
        assert_eq!(state.effects(), EffectCounts::from(expected));
    }

    #[test]
    fn requests_of_a_row_are_its_sends_without_lookups_and_calls_not_made() {
        let tried = |end| answer(CALL, end, None);
        let state = fold(&[
            tried(AttemptEnd::Lost),
            tried(AttemptEnd::Unsent),
            tried(AttemptEnd::Answered(Disposition::Throttled)),
            tried(AttemptEnd::LookupFailed),
            tried(AttemptEnd::NotMade),
        ]);
        assert_eq!(state.sends, 3);
    }

    #[test]
    fn after_a_copy_calls_may_have_been_sent_as_early_as_the_copy() {
        let copy = Fact::Intent(Intent::of_a_copy());
        let state = fold(&[copy.clone(), intent(CALL)]);
        assert_eq!(state.call(CALL).unwrap().first_at, Some(at(1)));
        let copied = |facts: &[Fact]| fold(facts).copied.map(|copied| (copied.since, copied.answered));
        assert_eq!(copied(&[copy.clone(), intent(CALL)]), Some((at(1), false)));
        assert_eq!(copied(&[copy.clone(), answer(CALL, AttemptEnd::Lost, None)]), Some((at(1), false)));
        let answered = answer(CALL, AttemptEnd::Answered(Disposition::Throttled), None);
        assert_eq!(copied(&[copy, answered]), Some((at(1), true)));
        let mut late = RowState::default();
        late.apply(at(9), &Fact::Intent(Intent::of_a_copy()));
        late.apply(at(5), &intent(CALL));
        assert_eq!(late.call(CALL).unwrap().first_at, Some(at(5)), "the earlier of the two instants");
    }
}
