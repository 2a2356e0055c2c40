//! A row's state: nothing but the fold of its facts, live and on resume alike.

use std::sync::Arc;

use super::copied::ContinuedFromCopy;
use super::fact::{AttemptEnd, Attempted, CallRef, Fact, RowEnded, StepEnded};
use super::send_said::SendDetails;
use crate::model::{Disposition, Map, Phase, RunId, StepOutcome, Time, Value};
use crate::policy::{EffectCounts, LookupVerdict};

/// How a call ended, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct CallEnded {
    /// How.
    pub outcome: StepOutcome,
    /// Whether it only read.
    pub read: bool,
    /// The vendor's code, or ours.
    pub code: Option<String>,
    /// In words.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The declared outputs.
    pub outputs: Arc<Map>,
    /// The whole answer.
    pub body: Arc<Value>,
}

/// One call's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallState {
    /// Sends that spent one of the retry settings' attempts.
    pub sends: u32,
    /// Sends refused at the gate or never made.
    pub gate_sends: u32,
    /// All sends, lookups included.
    pub all_sends: u32,
    /// Whether an intent's answer is still awaited.
    pub open: bool,
    /// When the first send was intended.
    pub first_at: Option<Time>,
    /// When the last attempt ended or was intended.
    pub last_at: Option<Time>,
    /// Whether an earlier send may have taken effect.
    pub doubt: bool,
    /// Whether an answer of it was lost and it was to be sent again all the same, as its operation may be repeated.
    pub may_be_repeated: bool,
    /// What is said of the first send that left it in doubt, while it is in doubt.
    pub doubted: Option<Box<str>>,
    /// Whether the next thing to do is a lookup.
    pub to_look_up: bool,
    /// What was said of the send that left it open what became of the call; absent where no send did.
    pub said: Option<Box<SendDetails>>,
    /// What the last lookup failed with, while the call is to be looked up again.
    pub lookup_said: Option<Box<str>>,
    /// Lookup reads sent that brought no verdict.
    pub lookups: u32,
    /// Reads answered whose condition did not hold yet.
    pub polls: u32,
    /// How often the token was renewed for it.
    pub renewals: u32,
    /// The hash of the request last intended.
    pub hash: Option<String>,
    /// The element's identity.
    pub element: Option<String>,
    /// What it counts as in the run's budget.
    pub counts: Vec<String>,
    /// Whether a person told how it ended.
    pub settled: bool,
    /// The earlier run that made it, where one did.
    pub imported_from: Option<RunId>,
    /// How it ended.
    pub ended: Option<CallEnded>,
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

impl CallState {
    /// A read that was answered in vain: the next one has all its attempts again.
    fn polled(&mut self) {
        self.polls += 1;
        self.sends = 0;
        self.gate_sends = 0;
    }

    fn count(&mut self, how: AttemptEnd) {
        match how {
            AttemptEnd::Answered(Disposition::Throttled | Disposition::Unavailable) | AttemptEnd::Unsent => {
                self.gate_sends += 1;
                self.open = false;
            }
            AttemptEnd::Answered(Disposition::Unknown) | AttemptEnd::Lost => {
                self.sends += 1;
                self.doubt |= std::mem::take(&mut self.open);
            }
            AttemptEnd::Answered(Disposition::ExpiredToken) => {
                self.open = false;
            }
            // The call stays to be done once the run may go on: a fresh process has fresh credentials.
            AttemptEnd::Answered(Disposition::Refused | Disposition::QuotaExhausted) => {
                self.renewals = 0;
                self.open = false;
            }
            AttemptEnd::Answered(_) => {
                self.sends += 1;
                self.open = false;
            }
            AttemptEnd::LookedUp(LookupVerdict::DidNot) => {
                self.doubt = false;
                self.lookups = 0;
            }
            AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed => self.lookups += 1,
            // Whatever was intended was never handed over.
            AttemptEnd::NotMade => self.open = false,
        }
    }

    /// Whether a run that goes on sends it again, or looks it up, and so learns what became of it: its operation may be
    /// repeated. Until then nobody knows whether an earlier send took effect.
    #[must_use]
    pub fn waits_to_be_repeated(&self) -> bool {
        self.ended.is_none() && !self.open && self.doubt && self.may_be_repeated
    }

    /// Whether its effect stands, as far as is known.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.outcome.is_done())
    }

    /// Whether it changed something, by what the vendor said; a thing that was so already is nobody's change.
    #[must_use]
    pub fn made_an_effect(&self) -> bool {
        self.ended
            .as_ref()
            .is_some_and(|ended| !ended.read && matches!(ended.outcome, StepOutcome::Succeeded | StepOutcome::Warning))
    }

    /// Whether it changed something, or may have.
    fn may_have_an_effect(&self) -> bool {
        self.doubt || self.is_in_doubt() || self.made_an_effect()
    }

    /// Whether it may have taken effect without anybody knowing.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match &self.ended {
            Some(ended) => ended.outcome == StepOutcome::Unknown,
            None => self.doubt || self.open,
        }
    }
}
