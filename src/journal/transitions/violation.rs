//! Which fact may follow which.

use super::call_state::CallState;
use super::row_state::RowState;
use crate::journal::facts::{AttemptEnd, Attempted, CallRef, Fact, ImportedCall, Intent, ScopeShape};
use crate::model::{Phase, RowOutcome};

/// The reason why `fact` must not follow `state`, as a sentence; `None` if it may.
pub(in crate::journal) fn violation(state: &RowState, fact: &Fact, shape: &ScopeShape) -> Option<String> {
    // The mark of a copy may follow anything except a continuation in another run.
    if matches!(fact, Fact::Intent(intent) if intent.is_of_a_copy()) && state.continued_in.is_none() {
        return None;
    }
    if let Some(to) = &state.continued_in
        && !matches!(fact, Fact::ContinuedIn(_))
    {
        return Some(format!("something happened after it was handed over to {to}: {fact:?}"));
    }
    if let Some(ended) = &state.ended {
        return after_the_end(state, ended.outcome, fact, shape);
    }
    match fact {
        Fact::Intent(intent) => intent_violation(state, intent, shape),
        Fact::Attempted(attempted) => attempt_violation(state, attempted, shape),
        Fact::Settled(settled) => in_doubt(state, settled.call, shape),
        Fact::Reopened(call) => in_doubt(state, *call, shape),
        Fact::ImportedCall(carried) => import_violation(state, carried, shape),
        Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::RowEnded(_)
        | Fact::ContinuedIn(_)
        | Fact::Began { .. }
        | Fact::Steered(_)
        | Fact::Stopped(_)
        | Fact::Finished => None,
    }
}

/// After its end, only an unknown row may go on; any row may be continued in a later run.
fn after_the_end(state: &RowState, outcome: RowOutcome, fact: &Fact, shape: &ScopeShape) -> Option<String> {
    match fact {
        Fact::ContinuedIn(_) => None,
        Fact::Settled(settled) if outcome == RowOutcome::Unknown => in_doubt(state, settled.call, shape),
        Fact::Reopened(call) if outcome == RowOutcome::Unknown => in_doubt(state, *call, shape),
        Fact::Intent(_)
        | Fact::Attempted(_)
        | Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::RowEnded(_)
        | Fact::Settled(_)
        | Fact::Reopened(_)
        | Fact::ImportedCall(_)
        | Fact::Began { .. }
        | Fact::Steered(_)
        | Fact::Stopped(_)
        | Fact::Finished => Some(format!("something happened after its end: {fact:?}")),
    }
}

fn intent_violation(state: &RowState, intent: &Intent, shape: &ScopeShape) -> Option<String> {
    let call = state.call(intent.call)?;
    let place = || place(intent.call, shape);
    if call.ended.is_some() {
        return Some(format!("{} was sent again after it had ended", place()));
    }
    call.open.then(|| format!("{} was sent while an answer was awaited", place()))
}

fn attempt_violation(state: &RowState, attempted: &Attempted, shape: &ScopeShape) -> Option<String> {
    let call = state.call(attempted.call);
    let place = || place(attempted.call, shape);
    if call.is_some_and(|call| call.ended.is_some()) {
        return Some(format!("{} ended twice", place()));
    }
    let write = shape.steps.get(attempted.call.step as usize).is_some_and(|step| step.write)
        || attempted.call.phase == Phase::Rollback;
    let needs_intent = write
        && !attempted.read
        && matches!(attempted.end, AttemptEnd::Answered(_) | AttemptEnd::Lost | AttemptEnd::Unsent);
    (needs_intent && call.is_none_or(|call| !call.open)).then(|| format!("{} was answered without an intent", place()))
}

/// Only a call in doubt may be settled or looked up again.
fn in_doubt(state: &RowState, call: CallRef, shape: &ScopeShape) -> Option<String> {
    let doubted = state.call(call).is_some_and(CallState::is_in_doubt);
    (!doubted).then(|| format!("{} was settled, and it was not in doubt", place(call, shape)))
}

/// Imported calls come before any send, and only calls that are done are imported.
fn import_violation(state: &RowState, carried: &ImportedCall, shape: &ScopeShape) -> Option<String> {
    let place = place(carried.call, shape);
    let good = carried.outcome.is_done();
    if !good {
        return Some(format!("{place} was imported, and it was {}", carried.outcome.as_str()));
    }
    if state.sends > 0 {
        return Some(format!("{place} was imported after calls had been sent"));
    }
    state.call(carried.call).is_some_and(|call| call.ended.is_some()).then(|| format!("{place} was imported twice"))
}

fn place(call: CallRef, shape: &ScopeShape) -> String {
    let id = shape.steps.get(call.step as usize).map_or("?", |step| step.id.as_str());
    let undo = if call.phase == Phase::Rollback { "rollback of " } else { "" };
    format!("{undo}step `{id}`, element {}", call.item + 1)
}

#[cfg(test)]
mod tests {
    use super::super::derive_outcome::derive_outcome;
    use super::super::sample::checked_fold;
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{ContinuedIn, RowEnded, Settled, StepEnded, StepShape};
    use crate::model::{Disposition, Map, RunId, StepOutcome, Time, Value};

    const CALL: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };

    fn shape() -> ScopeShape {
        let step = |id: &str| StepShape { id: id.into(), operation: "x.y".into(), write: true, ..StepShape::default() };
        let rollback = Some("x.undo".to_owned());
        ScopeShape { steps: vec![StepShape { rollback, ..step("make") }, step("fill")], undoing: None }
    }

    fn step_ended(step: u32, outcome: StepOutcome) -> Fact {
        Fact::StepEnded(StepEnded { step, outcome, code: None, message: None })
    }

    fn row_ended(outcome: RowOutcome) -> Fact {
        let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
        Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results })
    }

    fn settled(call: CallRef, outcome: StepOutcome) -> Fact {
        let (note, who) = (Some("asked them".to_owned()), "mei".to_owned());
        Fact::Settled(Settled { call, outcome, outputs: Map::new(), body: Value::Null, note, who })
    }

    fn carried(outcome: StepOutcome) -> Fact {
        let from = RunId::from_text("earlier");
        let (code, message, request_id, outputs, body) = (None, None, None, Map::new(), Value::Null);
        let (hash, element, made_at) = (Some("h".to_owned()), None, Time::from_secs(1));
        Fact::ImportedCall(ImportedCall {
            call: CALL,
            from,
            made_at,
            outcome,
            hash,
            element,
            code,
            message,
            request_id,
            outputs,
            body,
        })
    }

    fn continued_in() -> Fact {
        Fact::ContinuedIn(ContinuedIn { to: RunId::from_text("later"), outcome: RowOutcome::Failed })
    }

    fn unknown_row() -> Vec<Fact> {
        let lost = answer(CALL, AttemptEnd::Lost, Some(StepOutcome::Unknown));
        vec![intent(CALL), lost, step_ended(0, StepOutcome::Unknown), row_ended(RowOutcome::Unknown)]
    }

    /// The state after the facts, and the violations among them.
    fn fold(facts: &[Fact]) -> (RowState, Vec<String>) {
        checked_fold(facts, &shape())
    }

    fn refused(facts: &[Fact], part: &str) {
        let (_, problems) = fold(facts);
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part}: {problems:?}");
    }

    #[test]
    fn only_a_call_in_doubt_may_be_settled_or_looked_up_again() {
        for outcome in [StepOutcome::Succeeded, StepOutcome::Failed] {
            let end = AttemptEnd::Answered(Disposition::Succeeded);
            refused(&[intent(CALL), answer(CALL, end, Some(outcome)), settled(CALL, outcome)], "not in doubt");
        }
        refused(&[settled(CALL, StepOutcome::Failed)], "not in doubt");
        refused(&[Fact::Reopened(CALL)], "not in doubt");
        let mut twice = unknown_row();
        twice.extend([settled(CALL, StepOutcome::Failed), settled(CALL, StepOutcome::Succeeded)]);
        refused(&twice, "not in doubt");
        let good = answer(CALL, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        let ended = [intent(CALL), good, step_ended(0, StepOutcome::Succeeded), row_ended(RowOutcome::Partial)];
        refused(&[&ended[..], &[settled(CALL, StepOutcome::Failed)]].concat(), "after its end");
    }

    #[test]
    fn a_settled_row_goes_on_as_if_it_had_been_answered() {
        let mut facts = unknown_row();
        facts.push(settled(CALL, StepOutcome::Succeeded));
        let (state, problems) = fold(&facts);
        assert_eq!(problems, Vec::<String>::new());
        assert!(state.ended.is_none() && state.steps[0].ended.is_none() && state.steps[0].calls[0].is_done());
        assert_eq!(derive_outcome(&state, &shape()), RowOutcome::Partial);
        assert_eq!(state.doubts(), Vec::new());
        facts.extend([step_ended(0, StepOutcome::Succeeded), intent(CALL)]);
        refused(&facts, "sent again after it had ended");
        let mut not_done = unknown_row();
        not_done.push(settled(CALL, StepOutcome::Failed));
        let (state, problems) = fold(&not_done);
        assert_eq!((problems, state.steps[0].calls[0].made_an_effect()), (Vec::new(), false));
        let message = state.steps[0].calls[0].ended.clone().unwrap().message.unwrap();
        assert_eq!(message, "settled as not done by mei: asked them");
    }

    #[test]
    fn an_open_call_is_settled_where_the_process_died() {
        let (state, problems) = fold(&[intent(CALL), settled(CALL, StepOutcome::Succeeded)]);
        assert_eq!((problems, state.doubts()), (Vec::new(), Vec::new()));
        refused(
            &[intent(CALL), settled(CALL, StepOutcome::Succeeded), answer(CALL, AttemptEnd::Lost, None)],
            "ended twice",
        );
    }

    #[test]
    fn a_reopened_call_is_in_doubt_until_its_lookup_decides() {
        let mut facts = unknown_row();
        facts.push(Fact::Reopened(CALL));
        let (state, problems) = fold(&facts);
        assert_eq!((problems, derive_outcome(&state, &shape())), (Vec::new(), RowOutcome::Unknown));
        assert!(state.steps[0].calls[0].to_look_up && state.doubts() == [CALL]);
        facts.extend([answer(CALL, AttemptEnd::LookedUp(crate::policy::LookupVerdict::DidNot), None), intent(CALL)]);
        assert_eq!(fold(&facts).1, Vec::<String>::new());
    }

    #[test]
    fn only_done_calls_are_imported_and_only_before_any_send() {
        let (state, problems) = fold(&[carried(StepOutcome::Succeeded)]);
        assert_eq!((problems, derive_outcome(&state, &shape())), (Vec::new(), RowOutcome::Partial));
        assert_eq!((state.sends, state.steps[0].calls[0].hash.as_deref()), (0, Some("h")));
        refused(&[carried(StepOutcome::Failed)], "imported, and it was failed");
        refused(&[carried(StepOutcome::Succeeded), carried(StepOutcome::Succeeded)], "twice");
        refused(&[carried(StepOutcome::Succeeded), intent(CALL)], "sent again");
        let other = CallRef { step: 1, ..CALL };
        let sent =
            [intent(other), answer(other, AttemptEnd::Answered(Disposition::Rejected), Some(StepOutcome::Failed))];
        refused(&[&sent[..], &[carried(StepOutcome::Succeeded)]].concat(), "after calls had been sent");
    }

    #[test]
    fn no_fact_follows_in_a_row_that_continues_in_another_run() {
        let mut facts = unknown_row();
        facts.pop();
        facts.push(settled(CALL, StepOutcome::Failed));
        facts.push(continued_in());
        assert_eq!(fold(&facts).1, Vec::<String>::new());
        facts.push(continued_in());
        assert_eq!(fold(&facts).1, Vec::<String>::new());
        facts.push(intent(CALL));
        refused(&facts, "after it was handed over to later");
    }

    #[test]
    fn a_settled_rollback_lets_the_rest_be_taken_back() {
        let undo = CallRef { phase: Phase::Rollback, ..CALL };
        let good = answer(CALL, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        let facts = [
            intent(CALL),
            good,
            step_ended(0, StepOutcome::Succeeded),
            step_ended(1, StepOutcome::Failed),
            Fact::RollbackStarted,
            intent(undo),
            answer(undo, AttemptEnd::Lost, Some(StepOutcome::Unknown)),
            row_ended(RowOutcome::Unknown),
        ];
        assert_eq!(fold(&facts).0.doubts(), [undo]);
        for (outcome, stands) in
            [(StepOutcome::Succeeded, RowOutcome::Failed), (StepOutcome::Failed, RowOutcome::Partial)]
        {
            let (state, problems) = fold(&[&facts[..], &[settled(undo, outcome)]].concat());
            assert_eq!((problems, derive_outcome(&state, &shape())), (Vec::new(), stands));
        }
    }

    #[test]
    fn the_outcome_of_an_undo_follows_from_what_it_undid() {
        let undoing = ScopeShape { undoing: Some(RunId::from_text("earlier")), ..shape() };
        let undo = CallRef { phase: Phase::Rollback, ..CALL };
        let stood = |facts: &[Fact]| derive_outcome(&fold(facts).0, &undoing);
        let begun = [carried(StepOutcome::Succeeded)];
        assert_eq!(stood(&begun), RowOutcome::NotStarted);
        let begun = [&begun[..], &[Fact::RollbackStarted]].concat();
        assert_eq!(stood(&begun), RowOutcome::Failed);
        let taken_back = answer(undo, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        assert_eq!(stood(&[&begun[..], &[intent(undo), taken_back]].concat()), RowOutcome::Succeeded);
        let lost = answer(undo, AttemptEnd::Lost, Some(StepOutcome::Unknown));
        assert_eq!(stood(&[&begun[..], &[intent(undo), lost]].concat()), RowOutcome::Unknown);
    }

    #[test]
    fn after_its_end_only_an_unknown_row_goes_on() {
        let done = answer(CALL, AttemptEnd::Answered(Disposition::Succeeded), Some(StepOutcome::Succeeded));
        let ended = [intent(CALL), done, step_ended(0, StepOutcome::Succeeded), row_ended(RowOutcome::Partial)];
        for fact in [
            intent(CallRef { step: 1, ..CALL }),
            answer(CallRef { step: 1, ..CALL }, AttemptEnd::NotMade, None),
            step_ended(1, StepOutcome::Skipped),
            Fact::RollbackStarted,
            row_ended(RowOutcome::Failed),
            settled(CALL, StepOutcome::Failed),
            Fact::Reopened(CALL),
            carried(StepOutcome::Succeeded),
            Fact::Finished,
        ] {
            refused(&[&ended[..], std::slice::from_ref(&fact)].concat(), "something happened after its end");
        }
        assert_eq!(fold(&[&ended[..], &[continued_in()]].concat()).1, Vec::<String>::new());
        let unknown = unknown_row();
        for fact in [settled(CALL, StepOutcome::Failed), Fact::Reopened(CALL), continued_in()] {
            assert_eq!(fold(&[&unknown[..], &[fact]].concat()).1, Vec::<String>::new());
        }
        refused(&[&unknown[..], &[step_ended(1, StepOutcome::Failed)]].concat(), "after its end");
        let other = CallRef { step: 1, ..CALL };
        for fact in [settled(other, StepOutcome::Failed), Fact::Reopened(other)] {
            refused(&[&unknown[..], &[fact]].concat(), "step `fill`, element 1 was settled, and it was not in doubt");
        }
    }

    #[test]
    fn a_row_in_hand_may_end_its_steps_roll_back_and_end() {
        let free = [
            step_ended(0, StepOutcome::Failed),
            Fact::RollbackStarted,
            Fact::Began { process: 1, by: None },
            Fact::Finished,
            row_ended(RowOutcome::Failed),
        ];
        assert_eq!(fold(&free).1, Vec::<String>::new());
    }

    #[test]
    fn a_copy_is_noted_after_any_end_but_not_after_the_row_went_on_elsewhere() {
        let copy = Fact::Intent(Intent::of_a_copy());
        assert_eq!(fold(&[&unknown_row()[..], std::slice::from_ref(&copy)].concat()).1, Vec::<String>::new());
        assert_eq!(fold(&[intent(CALL), copy.clone()]).1, Vec::<String>::new());
        refused(&[continued_in(), copy], "after it was handed over");
    }

    #[test]
    fn a_call_is_sent_again_only_once_its_last_send_was_answered() {
        let throttled = answer(CALL, AttemptEnd::Answered(Disposition::Throttled), None);
        assert_eq!(fold(&[intent(CALL), throttled, intent(CALL)]).1, Vec::<String>::new());
        refused(&[intent(CALL), intent(CALL)], "step `make`, element 1 was sent while an answer was awaited");
        let failed = answer(CALL, AttemptEnd::Answered(Disposition::Rejected), Some(StepOutcome::Failed));
        refused(&[intent(CALL), failed.clone(), intent(CALL)], "sent again after it had ended");
        refused(&[intent(CALL), failed.clone(), failed], "step `make`, element 1 ended twice");
    }

    #[test]
    fn only_an_answered_write_needs_an_intent() {
        let mut shape = shape();
        shape.steps[1].write = false;
        let problems = |facts: &[Fact]| checked_fold(facts, &shape).1;
        let read = CallRef { step: 1, ..CALL };
        let undo = |call| CallRef { phase: Phase::Rollback, ..call };
        for end in [AttemptEnd::Answered(Disposition::Rejected), AttemptEnd::Lost, AttemptEnd::Unsent] {
            assert_eq!(problems(&[answer(CALL, end, None)]), ["step `make`, element 1 was answered without an intent"]);
            assert_eq!(problems(&[answer(read, end, None)]), Vec::<String>::new(), "a step that reads");
            let rollback = problems(&[answer(undo(read), end, None)]);
            assert_eq!(rollback, ["rollback of step `fill`, element 1 was answered without an intent"]);
            let Fact::Attempted(attempted) = answer(CALL, end, None) else { panic!("an attempt") };
            let only_read = Fact::Attempted(Attempted { read: true, ..attempted });
            assert_eq!(problems(&[only_read]), Vec::<String>::new(), "a call that only read");
        }
        let lookups = [AttemptEnd::LookedUp(crate::policy::LookupVerdict::DidNot), AttemptEnd::LookupFailed];
        for end in [lookups[0], lookups[1], AttemptEnd::NotMade] {
            assert_eq!(problems(&[answer(CALL, end, None)]), Vec::<String>::new(), "{end:?}");
        }
        let throttled = answer(CALL, AttemptEnd::Answered(Disposition::Throttled), None);
        let twice = problems(&[intent(CALL), throttled.clone(), throttled]);
        assert_eq!(twice.len(), 1, "one intent is one send");
    }

    #[test]
    fn a_violation_names_step_and_element() {
        let place = |step, item, phase| place(CallRef { step, item, phase }, &shape());
        assert_eq!(place(1, 4, Phase::Do), "step `fill`, element 5");
        assert_eq!(place(0, 0, Phase::Rollback), "rollback of step `make`, element 1");
        assert_eq!(place(9, 0, Phase::Do), "step `?`, element 1");
    }
}
