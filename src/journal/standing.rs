//! How a row stands: its outcome from its state alone, ended or not.

use super::row_state::{RowState, StepState};
use super::shape::Shape;
use crate::model::{RowOutcome, StepOutcome};

/// How a row stands, by the order in which outcomes win.
#[must_use]
pub fn standing(state: &RowState, shape: &Shape) -> RowOutcome {
    if state.steps.iter().any(in_doubt) {
        return RowOutcome::Unknown;
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
    let failed =
        state.steps.iter().any(|step| step.ended.as_ref().is_some_and(|end| end.outcome == StepOutcome::Failed));
    if failed || state.rolling_back { RowOutcome::Failed } else { RowOutcome::NotStarted }
}

fn in_doubt(step: &StepState) -> bool {
    step.calls.iter().chain(&step.undone).any(super::row_state::CallState::is_in_doubt)
        || step.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown)
}

fn is_good(outcome: StepOutcome) -> bool {
    !matches!(outcome, StepOutcome::Failed | StepOutcome::Unknown)
}

fn complete_outcome(state: &RowState, shape: &Shape) -> RowOutcome {
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

/// Whether an effect that this row made at that step stands.
fn effect_stands(state: &RowState, shape: &Shape, place: usize) -> bool {
    let (Some(step), Some(about)) = (state.steps.get(place), shape.steps.get(place)) else { return false };
    about.write && made_an_effect(step) && !is_taken_back(state, shape, place)
}

fn made_an_effect(step: &StepState) -> bool {
    step.calls.iter().any(|call| call_made_an_effect(call.ended.as_ref().map(|ended| ended.outcome)))
}

fn call_made_an_effect(outcome: Option<StepOutcome>) -> bool {
    matches!(outcome, Some(StepOutcome::Succeeded | StepOutcome::Warning))
}

/// Whether all that a step did is undone, by its own rollback or with the step it hangs on.
fn is_taken_back(state: &RowState, shape: &Shape, place: usize) -> bool {
    let Some(step) = state.steps.get(place) else { return false };
    let own = step.calls.iter().enumerate().all(|(item, call)| {
        !call_made_an_effect(call.ended.as_ref().map(|ended| ended.outcome))
            || step.undone.get(item).is_some_and(super::row_state::CallState::is_done)
    });
    own || shape.steps[place]
        .taken_back_with
        .iter()
        .any(|on| made_an_effect(&state.steps[*on as usize]) && is_taken_back(state, shape, *on as usize))
}
