//! A row's state: nothing but the fold of its facts, live and on resume alike.

use super::call_state::{CallEnded, CallState};
use crate::journal::facts::{AttemptEnd, Attempted, CallRef, Fact, RowEnded, StepEnded};
use crate::model::{Disposition, Phase, RunId, Time};
use crate::policy::EffectCounts;

/// What is known of a row that went on from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContinuedFromCopy {
    /// The earliest instant at which the calls may have been sent.
    pub since: Time,
    /// Whether an answer has come since: what depends on it may be other than it was.
    pub answered: bool,
}

/// One step's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepState {
    /// Its calls, one per element, in order; grows as they are sent.
    pub calls: Vec<CallState>,
    /// Their rollbacks, by the same places.
    pub undone: Vec<CallState>,
    /// How it ended.
    pub ended: Option<StepEnded>,
}

/// One row's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowState {
    /// Its steps, in the playbook's order; grows as they come.
    pub steps: Vec<StepState>,
    /// Whether its effects are being taken back.
    pub rolling_back: bool,
    /// How it ended.
    pub ended: Option<RowEnded>,
    /// The later run in which it goes on.
    pub continued_in: Option<RunId>,
    /// What is known of a copy from which the run went on, where it did.
    pub copied: Option<ContinuedFromCopy>,
    /// Requests sent for the row's steps and rollbacks, repeats included and lookups not.
    pub sends: u64,
}

impl RowState {
    /// The state after some facts.
    pub fn fold<'f>(facts: impl IntoIterator<Item = (Time, &'f Fact)>) -> Self {
        let mut state = Self::default();
        facts.into_iter().for_each(|(at, fact)| state.apply(at, fact));
        state
    }

    /// The state of one call, fresh where nothing is known of it.
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

    /// Takes one fact in.
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
            Fact::Began { .. } | Fact::Stopped(_) | Fact::Finished => {}
        }
    }

    /// Whether anything is known of it.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !self.steps.is_empty() || self.ended.is_some()
    }

    /// The effects that it made or may have made, as the run's budget counts them.
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
        let sent = !matches!(attempted.how, AttemptEnd::NotMade);
        if let (Some(copied), AttemptEnd::Answered(_)) = (&mut self.copied, attempted.how) {
            copied.answered = true;
        }
        self.sends += u64::from(sent && !attempted.how.is_of_a_lookup());
        let call = self.call_mut(attempted.call);
        call.first_at.get_or_insert(at);
        call.last_at = Some(at);
        call.all_sends += u32::from(sent);
        call.count(attempted.how);
        call.keep_doubt(attempted);
        let expired = attempted.how == AttemptEnd::Answered(Disposition::ExpiredToken);
        call.renewals += u32::from(expired && !attempted.token_known_expired);
        call.to_look_up = attempted.look_up;
        if attempted.ended.is_none()
            && matches!(attempted.how, AttemptEnd::Answered(disposition) if disposition.is_done())
        {
            call.polled();
        }
        call.keep_said(attempted);
        if let Some(outcome) = attempted.ended {
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
