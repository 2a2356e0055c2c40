//! One call's state.

use std::sync::Arc;

use crate::journal::facts::{AttemptEnd, Attempted};
use crate::model::{Disposition, Map, RunId, StepOutcome, Time, Value};
use crate::policy::LookupVerdict;

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

impl CallState {
    /// A read that was answered in vain: the next one has all its attempts again.
    pub(super) fn polled(&mut self) {
        self.polls += 1;
        self.sends = 0;
        self.gate_sends = 0;
    }

    pub(super) fn count(&mut self, how: AttemptEnd) {
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
    pub(super) fn may_have_an_effect(&self) -> bool {
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

/// What was said of a send: by the vendor, or by us where no answer came.
#[derive(Debug, Clone, PartialEq)]
pub struct SendDetails {
    /// The vendor's code, or ours.
    pub code: Option<String>,
    /// In words.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
}

impl SendDetails {
    pub(super) fn of(attempted: &Attempted) -> Self {
        let Attempted { code, message, request_id, .. } = attempted;
        Self { code: code.clone(), message: message.clone(), request_id: request_id.clone() }
    }

    /// The same, with more words behind its own.
    #[must_use]
    pub fn with(&self, more: &str) -> Self {
        let sentence = |message: &String| format!("{}; {more}", message.trim_end_matches(['.', '。']));
        let message = self.message.as_ref().map_or_else(|| more.to_owned(), sentence);
        Self { message: Some(message), ..self.clone() }
    }
}
