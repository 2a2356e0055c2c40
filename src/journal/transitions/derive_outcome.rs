//! A row's outcome, derived from its state alone, ended or not.

use super::call_state::CallState;
use super::row_state::{RowState, StepState};
use crate::journal::facts::{CallRef, ScopeShape};
use crate::model::{Phase, RowOutcome, StepOutcome};

/// The row's outcome. If several apply, the first of these counts: unknown, partial while a repeat is due, complete,
/// partial, failed, not started.
#[must_use]
pub fn derive_outcome(state: &RowState, shape: &ScopeShape) -> RowOutcome {
    if state.steps.iter().any(in_doubt) || state.leaves_a_copy_open(shape) {
        return RowOutcome::Unknown;
    }
    if state.steps.iter().any(waits_to_be_repeated) {
        return RowOutcome::Partial;
    }
    if shape.undoing.is_some() {
        return undone_outcome(state, shape);
    }
    let complete = shape.steps.len() == state.steps.len()
        && !state.rolling_back
        && state.steps.iter().all(|step| step.ended.as_ref().is_some_and(|ended| is_good(ended.outcome)));
    if complete {
        return complete_outcome(state, shape);
    }
    if (0..state.steps.len()).any(|step| effect_stands(state, shape, step)) {
        return RowOutcome::Partial;
    }
    let failed = state.steps.iter().any(|step| {
        let ended = step.calls.iter().filter_map(|call| call.ended.as_ref().map(|ended| ended.outcome));
        ended.chain(step.ended.as_ref().map(|ended| ended.outcome)).any(|outcome| outcome == StepOutcome::Failed)
    });
    if failed || state.rolling_back { RowOutcome::Failed } else { RowOutcome::NotStarted }
}

fn in_doubt(step: &StepState) -> bool {
    let unknown = |call: &CallState| call.is_in_doubt() && !call.waits_to_be_repeated();
    step.calls.iter().chain(&step.undone).any(unknown)
        || step.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown)
}

/// Whether a call of the step may have taken effect and will be repeated by a resumed run.
fn waits_to_be_repeated(step: &StepState) -> bool {
    step.calls.iter().chain(&step.undone).any(CallState::waits_to_be_repeated)
}

fn is_good(outcome: StepOutcome) -> bool {
    !outcome.is_trouble()
}

fn complete_outcome(state: &RowState, shape: &ScopeShape) -> RowOutcome {
    let ended = |write_only: bool| {
        state
            .steps
            .iter()
            .zip(&shape.steps)
            .filter(move |(_, shape)| shape.write || !write_only)
            .filter_map(|(step, _)| step.ended.as_ref().map(|ended| ended.outcome))
            .filter(|outcome| *outcome != StepOutcome::Skipped)
    };
    if ended(false).next().is_none() && !state.steps.is_empty() {
        return RowOutcome::Skipped;
    }
    let mut writes = ended(true).peekable();
    if writes.peek().is_some() && writes.all(|outcome| outcome == StepOutcome::Unchanged) {
        return RowOutcome::Unchanged;
    }
    RowOutcome::Succeeded
}

/// The outcome of an undo's row: whether its effects are undone.
fn undone_outcome(state: &RowState, shape: &ScopeShape) -> RowOutcome {
    let stands = (0..state.steps.len()).any(|step| effect_stands(state, shape, step));
    let any_undone = state.steps.iter().flat_map(|step| &step.undone).any(CallState::is_done);
    match (state.rolling_back, stands, any_undone) {
        (false, ..) => RowOutcome::NotStarted,
        (true, false, _) => RowOutcome::Succeeded,
        (true, true, true) => RowOutcome::Partial,
        (true, true, false) => RowOutcome::Failed,
    }
}

/// Whether a call's effect is undone, by its own rollback or together with a step that it depends on.
#[must_use]
pub fn is_undone(state: &RowState, shape: &ScopeShape, call: CallRef) -> bool {
    let own = state.call(CallRef { phase: Phase::Rollback, ..call }).is_some_and(CallState::is_done);
    own || hangs_on_undone(state, shape, call.step as usize)
}

/// Whether an effect of this step exists.
fn effect_stands(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let (Some(step), Some(about)) = (state.steps.get(place), shape.steps.get(place)) else { return false };
    about.write && made_an_effect(step, shape) && !is_taken_back(state, shape, place)
}

fn made_an_effect(step: &StepState, shape: &ScopeShape) -> bool {
    step.calls.iter().any(|call| call_made_an_effect(call, shape))
}

/// Whether a call made an effect. In an undo, only effects of the undone run count.
fn call_made_an_effect(call: &CallState, shape: &ScopeShape) -> bool {
    let about = shape.undoing.as_ref().is_none_or(|run| call.imported_from.as_ref() == Some(run));
    about && call.made_an_effect()
}

/// Whether all effects of a step are undone, by its own rollback or together with a step that it depends on.
fn is_taken_back(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let Some(step) = state.steps.get(place) else { return false };
    let own =
        step.calls.iter().enumerate().all(|(item, call)| {
            !call_made_an_effect(call, shape) || step.undone.get(item).is_some_and(CallState::is_done)
        });
    own || hangs_on_undone(state, shape, place)
}

/// Whether a step depends on an earlier one that is undone.
fn hangs_on_undone(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let on = shape.steps.get(place).map(|step| step.taken_back_with.as_slice()).unwrap_or_default();
    on.iter().any(|on| {
        let on = *on as usize;
        state.steps.get(on).is_some_and(|step| made_an_effect(step, shape)) && is_taken_back(state, shape, on)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::checked_fold;
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{AttemptEnd, Fact, Intent, StepEnded, StepShape};
    use crate::model::Disposition;

    const MAKE: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };
    const TAG: CallRef = CallRef { step: 1, ..MAKE };
    const LOOK: CallRef = CallRef { step: 2, ..MAKE };

    /// Makes a thing that can be taken back, tags it, and reads something.
    fn shape() -> ScopeShape {
        let step =
            |id: &str, write| StepShape { id: id.into(), operation: "x.y".into(), write, ..StepShape::default() };
        let make = StepShape { rollback: Some("x.undo".into()), ..step("make", true) };
        let tag = StepShape { taken_back_with: vec![0], ..step("tag", true) };
        ScopeShape { steps: vec![make, tag, step("look", false)], undoing: None }
    }

    fn undo(call: CallRef) -> CallRef {
        CallRef { phase: Phase::Rollback, ..call }
    }

    fn step(step: u32, outcome: StepOutcome) -> Fact {
        Fact::StepEnded(StepEnded { step, outcome, code: None, message: None })
    }

    fn disposition(outcome: StepOutcome) -> Disposition {
        match outcome {
            Succeeded => Disposition::Succeeded,
            Warning => Disposition::Warning,
            Unchanged => Disposition::Unchanged,
            _ => Disposition::Rejected,
        }
    }

    /// A call that was answered with that outcome; a read has no intent.
    fn called(call: CallRef, outcome: StepOutcome) -> Vec<Fact> {
        let answered = answer(call, AttemptEnd::Answered(disposition(outcome)), Some(outcome));
        if call.step == LOOK.step { vec![answered] } else { vec![intent(call), answered] }
    }

    /// A step of one call with that outcome.
    fn whole(call: CallRef, outcome: StepOutcome) -> Vec<Fact> {
        [called(call, outcome), vec![step(call.step, outcome)]].concat()
    }

    #[track_caller]
    fn state_of(parts: &[Vec<Fact>]) -> RowState {
        let (state, violations) = checked_fold(&parts.concat(), &shape());
        assert_eq!(violations, Vec::<String>::new());
        state
    }

    #[track_caller]
    fn outcome(parts: &[Vec<Fact>]) -> RowOutcome {
        derive_outcome(&state_of(parts), &shape())
    }

    use StepOutcome::{Failed, Skipped, Succeeded, Unchanged, Unknown, Warning};

    #[test]
    fn a_complete_row_is_named_for_what_its_writes_did() {
        for (steps, expected) in [
            ([Succeeded, Succeeded, Succeeded], RowOutcome::Succeeded),
            ([Warning, Succeeded, Succeeded], RowOutcome::Succeeded),
            ([Unchanged, Succeeded, Succeeded], RowOutcome::Succeeded),
            ([Succeeded, Unchanged, Succeeded], RowOutcome::Succeeded),
            ([Unchanged, Unchanged, Succeeded], RowOutcome::Unchanged),
            ([Unchanged, Unchanged, Unchanged], RowOutcome::Unchanged),
        ] {
            let parts = [whole(MAKE, steps[0]), whole(TAG, steps[1]), whole(LOOK, steps[2])];
            assert_eq!(outcome(&parts), expected, "{steps:?}");
        }
    }

    #[test]
    fn skipped_steps_count_for_nothing_unless_all_are_skipped() {
        let skipped = |place| vec![step(place, Skipped)];
        assert_eq!(outcome(&[skipped(0), skipped(1), skipped(2)]), RowOutcome::Skipped);
        assert_eq!(outcome(&[skipped(0), skipped(1), whole(LOOK, Succeeded)]), RowOutcome::Succeeded);
        assert_eq!(outcome(&[whole(MAKE, Unchanged), skipped(1), skipped(2)]), RowOutcome::Unchanged);
        assert_eq!(outcome(&[whole(MAKE, Succeeded), skipped(1), skipped(2)]), RowOutcome::Succeeded);
    }

    #[test]
    fn a_row_is_complete_only_with_all_its_steps() {
        assert_eq!(outcome(&[]), RowOutcome::NotStarted);
        assert_eq!(outcome(&[whole(MAKE, Unchanged)]), RowOutcome::NotStarted, "nothing of it was made");
        assert_eq!(outcome(&[whole(MAKE, Succeeded)]), RowOutcome::Partial);
        assert_eq!(outcome(&[whole(MAKE, Warning), whole(TAG, Unchanged)]), RowOutcome::Partial);
        assert_eq!(
            outcome(&[whole(MAKE, Succeeded), whole(TAG, Succeeded), called(LOOK, Succeeded)]),
            RowOutcome::Partial
        );
    }

    #[test]
    fn a_failure_is_partial_while_an_effect_stands_and_failed_otherwise() {
        assert_eq!(outcome(&[whole(MAKE, Failed)]), RowOutcome::Failed);
        assert_eq!(outcome(&[called(MAKE, Failed)]), RowOutcome::Failed, "its step has not ended yet");
        assert_eq!(outcome(&[vec![step(0, Failed)]]), RowOutcome::Failed, "no call was made");
        assert_eq!(outcome(&[whole(MAKE, Succeeded), whole(TAG, Failed)]), RowOutcome::Partial);
        assert_eq!(outcome(&[whole(MAKE, Unchanged), whole(TAG, Failed)]), RowOutcome::Failed);
        let read = [vec![step(0, Skipped), step(1, Skipped)], called(LOOK, Succeeded), vec![step(2, Failed)]];
        assert_eq!(outcome(&read), RowOutcome::Failed, "what was read does not stand anywhere");
    }

    #[test]
    fn a_call_in_doubt_makes_the_row_unknown_whatever_else_happened() {
        let lost = answer(TAG, AttemptEnd::Lost, Some(Unknown));
        assert_eq!(outcome(&[whole(MAKE, Succeeded), vec![intent(TAG)]]), RowOutcome::Unknown);
        assert_eq!(outcome(&[whole(MAKE, Failed), vec![intent(TAG), lost]]), RowOutcome::Unknown);
        assert_eq!(outcome(&[vec![step(0, Unknown)]]), RowOutcome::Unknown);
        assert_eq!(outcome(&[whole(MAKE, Succeeded), vec![intent(undo(MAKE))]]), RowOutcome::Unknown);
    }

    #[test]
    fn a_call_that_a_resumed_run_repeats_leaves_its_row_partial_until_then() {
        let lost = answer(MAKE, AttemptEnd::Lost, None);
        assert_eq!(outcome(&[vec![intent(MAKE), lost.clone()]]), RowOutcome::Partial);
        let undoing = vec![intent(undo(MAKE)), answer(undo(MAKE), AttemptEnd::Lost, None)];
        assert_eq!(outcome(&[whole(MAKE, Unchanged), undoing]), RowOutcome::Partial);
        assert_eq!(outcome(&[vec![intent(MAKE), lost, intent(MAKE)]]), RowOutcome::Unknown, "it is under way again");
    }

    #[test]
    fn an_undone_effect_no_longer_exists() {
        let begun = [whole(MAKE, Succeeded), whole(TAG, Failed), vec![Fact::RollbackStarted]].concat();
        assert_eq!(outcome(std::slice::from_ref(&begun)), RowOutcome::Partial);
        assert_eq!(outcome(&[begun.clone(), called(undo(MAKE), Failed)]), RowOutcome::Partial);
        assert_eq!(outcome(&[begun.clone(), called(undo(MAKE), Succeeded)]), RowOutcome::Failed);
        assert_eq!(outcome(&[begun, called(undo(MAKE), Unchanged)]), RowOutcome::Failed);
        assert_eq!(outcome(&[vec![Fact::RollbackStarted]]), RowOutcome::Failed);
        let all = [whole(MAKE, Succeeded), whole(TAG, Succeeded), whole(LOOK, Succeeded)].concat();
        assert_eq!(outcome(&[all, vec![Fact::RollbackStarted]]), RowOutcome::Partial, "no longer complete");
    }

    #[test]
    fn a_step_without_a_rollback_is_undone_with_the_step_it_depends_on() {
        let done =
            [whole(MAKE, Succeeded), whole(TAG, Succeeded), vec![step(2, Failed), Fact::RollbackStarted]].concat();
        assert_eq!(outcome(std::slice::from_ref(&done)), RowOutcome::Partial);
        let gone = state_of(&[done.clone(), called(undo(MAKE), Succeeded)]);
        assert_eq!(derive_outcome(&gone, &shape()), RowOutcome::Failed);
        assert!(is_undone(&gone, &shape(), MAKE) && is_undone(&gone, &shape(), TAG));
        let stands = state_of(&[done, called(undo(MAKE), Failed)]);
        assert!(!is_undone(&stands, &shape(), MAKE) && !is_undone(&stands, &shape(), TAG));
        let unmade = state_of(&[whole(MAKE, Unchanged), whole(TAG, Succeeded), called(undo(MAKE), Succeeded)]);
        assert!(!is_undone(&unmade, &shape(), TAG), "the thing was there before, and so nothing went with it");
    }

    #[test]
    fn every_element_must_be_taken_back() {
        let second = CallRef { item: 1, ..MAKE };
        let made =
            [called(MAKE, Succeeded), called(second, Succeeded), vec![step(0, Succeeded), step(1, Failed)]].concat();
        let first_back = [made, vec![Fact::RollbackStarted], called(undo(MAKE), Succeeded)].concat();
        assert_eq!(outcome(std::slice::from_ref(&first_back)), RowOutcome::Partial);
        assert!(!is_undone(&state_of(std::slice::from_ref(&first_back)), &shape(), second));
        assert_eq!(outcome(&[first_back, called(undo(second), Succeeded)]), RowOutcome::Failed);
        let one_failed =
            [called(MAKE, Succeeded), called(second, Failed), vec![step(0, Failed), Fact::RollbackStarted]];
        let back = [one_failed.concat(), called(undo(MAKE), Succeeded)];
        assert_eq!(outcome(&back), RowOutcome::Failed, "an element without an effect needs none");
    }

    #[test]
    fn after_a_copy_a_row_is_unknown_while_a_write_is_open() {
        let copy = vec![Fact::Intent(Intent::of_a_copy())];
        assert_eq!(outcome(std::slice::from_ref(&copy)), RowOutcome::Unknown);
        let half = [copy.clone(), whole(MAKE, Succeeded)];
        assert_eq!(outcome(&half), RowOutcome::Unknown);
        assert_eq!(
            outcome(&[copy, whole(MAKE, Succeeded), whole(TAG, Succeeded)]),
            RowOutcome::Partial,
            "a read is left"
        );
    }
}
