//! The laws of a row's facts: which may follow which.

use super::fact::{Attempted, CallRef, Fact, How, Intent};
use super::link::Carried;
use super::row_state::{CallState, RowState};
use super::shape::Shape;
use crate::model::{Phase, RowOutcome, StepOutcome};

/// Why a fact must not follow a state, if so.
pub(super) fn unlawful(state: &RowState, fact: &Fact, shape: &Shape) -> Option<String> {
    if let Some(to) = &state.handed_over
        && !matches!(fact, Fact::HandedOver(_))
    {
        return Some(format!("something happened after it was handed over to {to}: {fact:?}"));
    }
    if let Some(ended) = &state.ended {
        return after_the_end(state, ended.outcome, fact, shape);
    }
    match fact {
        Fact::Intent(intent) => intended(state, intent, shape),
        Fact::Attempted(attempted) => attempted_lawfully(state, attempted, shape),
        Fact::Settled(settled) => in_doubt(state, settled.call, shape),
        Fact::Reopened(call) => in_doubt(state, *call, shape),
        Fact::Carried(carried) => brought_along(state, carried, shape),
        _ => None,
    }
}

/// Only what was unknown may go on, and any row may be handed over.
fn after_the_end(state: &RowState, outcome: RowOutcome, fact: &Fact, shape: &Shape) -> Option<String> {
    match fact {
        Fact::HandedOver(_) => None,
        Fact::Settled(settled) if outcome == RowOutcome::Unknown => in_doubt(state, settled.call, shape),
        Fact::Reopened(call) if outcome == RowOutcome::Unknown => in_doubt(state, *call, shape),
        _ => Some(format!("something happened after its end: {fact:?}")),
    }
}

fn intended(state: &RowState, intent: &Intent, shape: &Shape) -> Option<String> {
    let call = state.call(intent.call)?;
    let place = place(intent.call, shape);
    if call.ended.is_some() {
        return Some(format!("{place} was sent again after it had ended"));
    }
    call.open.is_some().then(|| format!("{place} was sent while an answer was awaited"))
}

fn attempted_lawfully(state: &RowState, attempted: &Attempted, shape: &Shape) -> Option<String> {
    let call = state.call(attempted.call);
    let place = place(attempted.call, shape);
    if call.is_some_and(|call| call.ended.is_some()) {
        return Some(format!("{place} ended twice"));
    }
    let write = shape.steps.get(attempted.call.step as usize).is_some_and(|step| step.write)
        || attempted.call.phase == Phase::Rollback;
    let needs_intent = write && matches!(attempted.how, How::Answered(_) | How::Lost | How::Unsent);
    (needs_intent && call.is_none_or(|call| call.open.is_none()))
        .then(|| format!("{place} was answered without an intent"))
}

/// Nobody may overrule what is known.
fn in_doubt(state: &RowState, call: CallRef, shape: &Shape) -> Option<String> {
    let doubted = state.call(call).is_some_and(CallState::is_in_doubt);
    (!doubted).then(|| format!("{} was settled, and it was not in doubt", place(call, shape)))
}

/// What is brought along comes first, and only what was done.
fn brought_along(state: &RowState, carried: &Carried, shape: &Shape) -> Option<String> {
    let place = place(carried.call, shape);
    let good = matches!(carried.outcome, StepOutcome::Succeeded | StepOutcome::Warning | StepOutcome::Unchanged);
    if !good {
        return Some(format!("{place} was brought along, and it was {}", carried.outcome.as_str()));
    }
    if state.sends > 0 {
        return Some(format!("{place} was brought along after calls had been sent"));
    }
    state.call(carried.call).is_some_and(|call| call.ended.is_some()).then(|| format!("{place} was brought along twice"))
}

fn place(call: CallRef, shape: &Shape) -> String {
    let id = shape.steps.get(call.step as usize).map_or("?", |step| step.id.as_str());
    let undo = if call.phase == Phase::Rollback { "rollback of " } else { "" };
    format!("{undo}step `{id}`, element {}", call.item + 1)
}
