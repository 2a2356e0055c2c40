//! Calls that were about to be sent but were not, and what the row's journal records about them.

use super::attempt_result::AttemptResult;
use super::outgoing_call::OutgoingCall;
use super::row_machine::RowMachine;
use crate::journal::{AttemptEnd, CallRef, Fact, LEFT_TO_OTHER_RUN};
use crate::model::{RunId, StepOutcome, Time};

/// Why a call is withheld when the run stops, in words.
pub(in crate::engine) const RUN_STOPPED_FIRST: &str = "the run stopped first";

impl RowMachine {
    /// Ends a call whose deadline passed before it could be sent.
    pub(in crate::engine) fn expire(&mut self, at: Time, outgoing: &OutgoingCall, late: &str) {
        self.give_up(at, outgoing, "expired", late);
    }

    /// Ends a call that is not sent, or not sent again: as failed, or as unknown if an earlier send may have taken
    /// effect.
    pub(super) fn give_up(&mut self, at: Time, outgoing: &OutgoingCall, code: &str, why: &str) {
        let doubt = self.state.call(outgoing.call).is_some_and(|known| known.doubt);
        let ended = if doubt { StepOutcome::Unknown } else { StepOutcome::Failed };
        self.end_call(at, outgoing.call, AttemptEnd::NotMade, ended, code, why);
    }

    /// Leaves a call to the other run that has it under way, and returns that run. If an earlier send may have taken
    /// effect, the call ends as unknown instead, because no later send could show it; then returns `None`.
    pub(super) fn leave_to(&mut self, at: Time, outgoing: &OutgoingCall, run: RunId) -> Option<RunId> {
        let why = format!("the run {run} has the same call under way");
        if self.state.call(outgoing.call).is_some_and(|known| known.doubt) {
            self.give_up(at, outgoing, LEFT_TO_OTHER_RUN, &why);
            return None;
        }
        self.record_not_sent(at, outgoing.call, LEFT_TO_OTHER_RUN, why);
        Some(run)
    }

    /// Records that a write whose intent is on disk was not sent. The call can be sent later.
    pub(in crate::engine) fn on_withheld(&mut self, at: Time, outgoing: &OutgoingCall, why: &str) {
        if outgoing.write {
            self.record_not_sent(at, outgoing.call, "withheld", why.to_owned());
        }
    }

    /// Records that a call was not sent. It can be sent later.
    pub(super) fn record_not_sent(&mut self, at: Time, call: CallRef, code: &str, why: String) {
        let fact = AttemptResult::silent(AttemptEnd::NotMade, code, why).into_fact(call, false);
        self.record(at, Fact::Attempted(fact));
    }

    /// Ends a call without an answer of the vendor.
    pub(super) fn end_call(
        &mut self,
        at: Time,
        call: CallRef,
        end: AttemptEnd,
        ended: StepOutcome,
        code: &str,
        message: &str,
    ) {
        let mut fact = AttemptResult::silent(end, code, message.to_owned()).into_fact(call, false);
        fact.outcome = Some(ended);
        self.record(at, Fact::Attempted(fact));
    }
}
