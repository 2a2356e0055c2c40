//! The state of one call.

use std::sync::Arc;

use crate::journal::facts::{AttemptEnd, Attempted};
use crate::model::{Disposition, Map, RunId, StepOutcome, Time, Value};
use crate::policy::LookupVerdict;

/// How a call ended, with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CallEnded {
    /// How.
    pub outcome: StepOutcome,
    /// Whether it only read.
    pub read: bool,
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
    /// The message.
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
    /// Sends that used up one of the attempts that the retry settings allow.
    pub sends: u32,
    /// Sends that the vendor throttled or did not serve, and failed connections.
    pub gate_sends: u32,
    /// All sends, lookups included.
    pub all_sends: u32,
    /// Whether an intent has no answer yet.
    pub open: bool,
    /// When the first send was intended.
    pub first_at: Option<Time>,
    /// When the last attempt ended or was intended.
    pub last_at: Option<Time>,
    /// Whether an earlier send may have taken effect.
    pub doubt: bool,
    /// Whether it will be sent again after a lost answer, because its operation may be repeated.
    pub may_be_repeated: bool,
    /// A sentence about the first send that left it in doubt; `None` while it is not in doubt.
    pub doubted: Option<Box<str>>,
    /// Whether the next thing to do is a lookup.
    pub to_look_up: bool,
    /// The details of the send that left the outcome open; `None` if no send did.
    pub said: Option<Box<SendDetails>>,
    /// Why the last lookup failed; `None` unless the call is to be looked up again.
    pub lookup_said: Option<Box<str>>,
    /// Lookups without a verdict.
    pub lookups: u32,
    /// Reads that were answered before their condition held.
    pub polls: u32,
    /// The number of token renewals for it.
    pub renewals: u32,
    /// The hash of the last intended request.
    pub hash: Option<String>,
    /// The element's identity.
    pub element: Option<String>,
    /// The kinds of effects it counts as in the run's effect budget.
    pub counts: Vec<String>,
    /// Whether a person settled it.
    pub settled: bool,
    /// The earlier run that made it; `None` if this run did.
    pub imported_from: Option<RunId>,
    /// How it ended.
    pub ended: Option<CallEnded>,
}

impl CallState {
    /// Counts a read whose condition does not hold yet. The next read has all its attempts again.
    pub(super) fn polled(&mut self) {
        self.polls += 1;
        self.sends = 0;
        self.gate_sends = 0;
    }

    pub(super) fn count(&mut self, end: AttemptEnd) {
        match end {
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
            // The call is made once the run goes on: a new process has new credentials.
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
            // The intended request was never sent.
            AttemptEnd::NotMade => self.open = false,
        }
    }

    /// Whether it may have taken effect and a resumed run will send it again, because its operation may be repeated.
    #[must_use]
    pub fn waits_to_be_repeated(&self) -> bool {
        self.ended.is_none() && !self.open && self.doubt && self.may_be_repeated
    }

    /// Whether the call ended as done, in this run or an earlier one.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.outcome.is_done())
    }

    /// Whether it changed something, by the vendor's answer. `unchanged` and reads change nothing.
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

    /// Whether it is unknown if the call took effect.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match &self.ended {
            Some(ended) => ended.outcome == StepOutcome::Unknown,
            None => self.doubt || self.open,
        }
    }
}

/// The code, message and request id of a send: the vendor's, or runsheet's if no answer came.
#[derive(Debug, Clone, PartialEq)]
pub struct SendDetails {
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
}

impl SendDetails {
    pub(super) fn of(attempted: &Attempted) -> Self {
        let Attempted { code, message, request_id, .. } = attempted;
        Self { code: code.clone(), message: message.clone(), request_id: request_id.clone() }
    }

    /// The same details with `more` added to the message.
    #[must_use]
    pub fn with(&self, more: &str) -> Self {
        let sentence = |message: &String| format!("{}; {more}", message.trim_end_matches(['.', '。']));
        let message = self.message.as_ref().map_or_else(|| more.to_owned(), sentence);
        Self { message: Some(message), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row_state::RowState;
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{CallRef, Fact};
    use crate::model::Phase;

    const CALL: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };

    /// The call's state after facts that came one second after another.
    fn after(facts: &[Fact]) -> CallState {
        let timed = (1..).map(Time::from_secs).zip(facts);
        RowState::fold(timed).call(CALL).cloned().unwrap()
    }

    /// An attempt that did not end the call.
    fn tried(end: AttemptEnd) -> Fact {
        answer(CALL, end, None)
    }

    fn answered(disposition: Disposition) -> AttemptEnd {
        AttemptEnd::Answered(disposition)
    }

    fn counts(call: &CallState) -> (u32, u32, u32, u32) {
        (call.sends, call.gate_sends, call.all_sends, call.lookups)
    }

    #[test]
    fn each_end_of_an_attempt_is_counted_where_it_belongs_and_answers_its_intent() {
        for (end, counted, open, doubt) in [
            (answered(Disposition::Throttled), (0, 1, 1, 0), false, false),
            (answered(Disposition::Unavailable), (0, 1, 1, 0), false, false),
            (AttemptEnd::Unsent, (0, 1, 1, 0), false, false),
            (answered(Disposition::Unknown), (1, 0, 1, 0), false, true),
            (AttemptEnd::Lost, (1, 0, 1, 0), false, true),
            (answered(Disposition::ExpiredToken), (0, 0, 1, 0), false, false),
            (answered(Disposition::Refused), (0, 0, 1, 0), false, false),
            (answered(Disposition::QuotaExhausted), (0, 0, 1, 0), false, false),
            (answered(Disposition::Rejected), (1, 0, 1, 0), false, false),
            (AttemptEnd::LookedUp(LookupVerdict::DidNot), (0, 0, 1, 0), true, false),
            (AttemptEnd::LookedUp(LookupVerdict::TookEffect), (0, 0, 1, 1), true, false),
            (AttemptEnd::LookedUp(LookupVerdict::Undecided), (0, 0, 1, 1), true, false),
            (AttemptEnd::LookupFailed, (0, 0, 1, 1), true, false),
            (AttemptEnd::NotMade, (0, 0, 0, 0), false, false),
        ] {
            let call = after(&[intent(CALL), tried(end)]);
            assert_eq!((counts(&call), call.open, call.doubt), (counted, open, doubt), "{end:?}");
        }
        for done in [Disposition::Succeeded, Disposition::Warning, Disposition::Unchanged] {
            let call = after(&[intent(CALL), answer(CALL, answered(done), Some(StepOutcome::Succeeded))]);
            assert_eq!((counts(&call), call.open, call.polls), ((1, 0, 1, 0), false, 0), "{done:?}");
        }
    }

    #[test]
    fn counts_add_up_over_attempts() {
        let gate = || tried(AttemptEnd::Unsent);
        let call = after(&[gate(), gate(), tried(AttemptEnd::Lost), tried(AttemptEnd::Lost), gate()]);
        assert_eq!(counts(&call), (2, 3, 5, 0));
        let failed = || tried(AttemptEnd::LookupFailed);
        assert_eq!(counts(&after(&[failed(), failed()])), (0, 0, 2, 2));
    }

    #[test]
    fn a_lost_answer_leaves_doubt_only_where_a_write_was_intended() {
        assert!(!after(&[tried(AttemptEnd::Lost)]).doubt, "a read has no intent");
        let lost = [intent(CALL), tried(AttemptEnd::Lost)];
        for gate in [AttemptEnd::Unsent, AttemptEnd::NotMade, answered(Disposition::Throttled)] {
            assert!(after(&[&lost[..], &[intent(CALL), tried(gate)]].concat()).doubt, "{gate:?} clears no doubt");
        }
        let looked_up = [tried(AttemptEnd::LookupFailed), tried(AttemptEnd::LookedUp(LookupVerdict::DidNot))];
        let call = after(&[&lost[..], &looked_up].concat());
        assert_eq!((call.doubt, call.lookups), (false, 0), "a lookup that found no effect clears both");
    }

    #[test]
    fn a_token_counts_as_renewed_once_for_each_end_that_this_call_learned_of() {
        let expired = || tried(answered(Disposition::ExpiredToken));
        let Fact::Attempted(attempted) = expired() else { panic!("an attempt") };
        let known = || Fact::Attempted(Attempted { token_known_expired: true, ..attempted.clone() });
        assert_eq!(after(&[expired(), known(), expired()]).renewals, 2);
        assert_eq!(after(&[known()]).renewals, 0);
        assert_eq!(after(&[tried(answered(Disposition::Throttled))]).renewals, 0);
        for stop in [Disposition::Refused, Disposition::QuotaExhausted] {
            assert_eq!(after(&[expired(), tried(answered(stop))]).renewals, 0, "a new process has new credentials");
        }
    }

    #[test]
    fn a_read_whose_condition_does_not_hold_yet_has_all_its_attempts_again() {
        let before = [tried(AttemptEnd::Lost), tried(AttemptEnd::Unsent)];
        for done in [Disposition::Succeeded, Disposition::Warning, Disposition::Unchanged] {
            let call = after(&[&before[..], &[tried(answered(done)), tried(answered(done))]].concat());
            assert_eq!((call.polls, call.sends, call.gate_sends, call.all_sends), (2, 0, 0, 4), "{done:?}");
        }
        let call = after(&[&before[..], &[tried(answered(Disposition::Rejected))]].concat());
        assert_eq!((call.polls, call.sends, call.gate_sends), (0, 2, 1));
    }

    #[test]
    fn the_first_instant_is_that_of_the_first_fact_and_the_last_that_of_the_last() {
        let call = after(&[intent(CALL), tried(AttemptEnd::Unsent), intent(CALL)]);
        assert_eq!((call.first_at, call.last_at), (Some(Time::from_secs(1)), Some(Time::from_secs(3))));
        let read = after(&[tried(AttemptEnd::Lost), tried(AttemptEnd::Lost)]);
        assert_eq!((read.first_at, read.last_at), (Some(Time::from_secs(1)), Some(Time::from_secs(2))));
    }

    #[test]
    fn the_last_attempt_says_whether_a_lookup_follows() {
        let Fact::Attempted(attempted) = tried(AttemptEnd::Lost) else { panic!("an attempt") };
        let to_look_up = Fact::Attempted(Attempted { look_up: true, ..attempted });
        let looked_up = tried(AttemptEnd::LookedUp(LookupVerdict::DidNot));
        assert!(after(&[intent(CALL), to_look_up.clone()]).to_look_up);
        assert!(!after(&[intent(CALL), to_look_up, looked_up]).to_look_up);
    }

    fn ended(outcome: StepOutcome, read: bool) -> CallState {
        let (code, message, request_id) = (None, None, None);
        let (outputs, body) = (Arc::default(), Arc::default());
        let ended = CallEnded { outcome, read, code, message, request_id, outputs, body };
        CallState { ended: Some(ended), ..CallState::default() }
    }

    #[test]
    fn a_call_waits_to_be_repeated_only_while_it_is_in_doubt_unanswered_and_repeatable() {
        let waits = CallState { doubt: true, may_be_repeated: true, ..CallState::default() };
        assert!(waits.waits_to_be_repeated());
        for other in [
            CallState { doubt: false, ..waits.clone() },
            CallState { may_be_repeated: false, ..waits.clone() },
            CallState { open: true, ..waits.clone() },
            CallState { ended: ended(StepOutcome::Failed, false).ended, ..waits },
        ] {
            assert!(!other.waits_to_be_repeated(), "{other:?}");
        }
    }

    #[test]
    fn done_effect_and_doubt_follow_from_how_a_call_ended() {
        // Done, made an effect, may have an effect, in doubt.
        for (outcome, expected) in [
            (StepOutcome::Succeeded, [true, true, true, false]),
            (StepOutcome::Warning, [true, true, true, false]),
            (StepOutcome::Unchanged, [true, false, false, false]),
            (StepOutcome::Failed, [false, false, false, false]),
            (StepOutcome::Unknown, [false, false, true, true]),
        ] {
            let call = ended(outcome, false);
            let found = [call.is_done(), call.made_an_effect(), call.may_have_an_effect(), call.is_in_doubt()];
            assert_eq!(found, expected, "{outcome:?}");
        }
        assert!(!ended(StepOutcome::Succeeded, true).made_an_effect(), "a read changes nothing");
        let open = CallState { open: true, ..CallState::default() };
        let doubt = CallState { doubt: true, ..CallState::default() };
        assert!(open.is_in_doubt() && doubt.is_in_doubt() && !CallState::default().is_in_doubt());
        assert!(open.may_have_an_effect() && doubt.may_have_an_effect() && !CallState::default().may_have_an_effect());
        assert!(!open.is_done() && !open.made_an_effect());
    }

    #[test]
    fn further_details_follow_a_semicolon_that_replaces_the_full_stop() {
        let said = |message: Option<&str>| {
            let details = SendDetails { code: Some("7".into()), message: message.map(str::to_owned), request_id: None };
            details.with("more").message.unwrap()
        };
        assert_eq!(said(Some("Gone.")), "Gone; more");
        assert_eq!(said(Some("没有。")), "没有; more");
        assert_eq!(said(None), "more");
    }
}
