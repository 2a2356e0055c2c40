//! How a row stands: its outcome from its state alone, ended or not.

use super::call_state::CallState;
use super::row_state::{RowState, StepState};
use crate::journal::facts::{CallRef, ScopeShape};
use crate::model::{Phase, RowOutcome, StepOutcome};

/// How a row stands, by the order in which outcomes win.
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

/// Whether an effect of the step may stand that a run which goes on will make sure of.
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

/// How a row of an undo stands: whether the effects it is about are taken back.
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

/// Whether what a call did is undone, by its own rollback or with a step that its own hangs on.
#[must_use]
pub fn is_undone(state: &RowState, shape: &ScopeShape, call: CallRef) -> bool {
    let own = state.call(CallRef { phase: Phase::Rollback, ..call }).is_some_and(CallState::is_done);
    own || hangs_on_undone(state, shape, call.step as usize)
}

/// Whether an effect that this row made at that step stands.
fn effect_stands(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let (Some(step), Some(about)) = (state.steps.get(place), shape.steps.get(place)) else { return false };
    about.write && made_an_effect(step, shape) && !is_taken_back(state, shape, place)
}

fn made_an_effect(step: &StepState, shape: &ScopeShape) -> bool {
    step.calls.iter().any(|call| call_made_an_effect(call, shape))
}

/// In an undo only what the run that is undone made itself counts.
fn call_made_an_effect(call: &CallState, shape: &ScopeShape) -> bool {
    let about = shape.undoing.as_ref().is_none_or(|run| call.imported_from.as_ref() == Some(run));
    about && call.made_an_effect()
}

/// Whether all that a step did is undone, by its own rollback or with the step it hangs on.
fn is_taken_back(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let Some(step) = state.steps.get(place) else { return false };
    let own =
        step.calls.iter().enumerate().all(|(item, call)| {
            !call_made_an_effect(call, shape) || step.undone.get(item).is_some_and(CallState::is_done)
        });
    own || hangs_on_undone(state, shape, place)
}

/// Whether a step hangs on an earlier one that is taken back.
fn hangs_on_undone(state: &RowState, shape: &ScopeShape, place: usize) -> bool {
    let on = shape.steps.get(place).map(|step| step.taken_back_with.as_slice()).unwrap_or_default();
    on.iter().any(|on| {
        let on = *on as usize;
        state.steps.get(on).is_some_and(|step| made_an_effect(step, shape)) && is_taken_back(state, shape, on)
    })
}
