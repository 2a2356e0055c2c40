//! What a row keeps of a call that was to be sent and was not.

use super::attempt_result::Brought;
use super::outgoing_call::Outgoing;
use super::row_machine::RowMachine;
use crate::journal::{AttemptEnd, CallRef, Fact, LEFT_TO_OTHER_RUN};
use crate::model::{RunId, StepOutcome, Time};

/// Why a call is withheld when the run stops.
pub(in crate::engine) const STOPPED: &str = "the run stopped first";

impl RowMachine {
    /// A call whose deadline passed before it could be sent.
    pub(in crate::engine) fn expire(&mut self, at: Time, outgoing: &Outgoing, late: &str) {
        self.give_up(at, outgoing, "expired", late);
    }

    /// A call that is not sent, or not sent again; what an earlier send of it did stays unknown.
    pub(super) fn give_up(&mut self, at: Time, outgoing: &Outgoing, code: &str, why: &str) {
        let doubt = self.state.call(outgoing.call).is_some_and(|known| known.doubt);
        let ended = if doubt { StepOutcome::Unknown } else { StepOutcome::Failed };
        self.conclude(at, outgoing.call, AttemptEnd::NotMade, ended, code, why);
    }

    /// A call that another run has under way. It stays to be done; where an earlier send of it may have taken effect, no
    /// later one can tell, and it is unknown. Gives the run where the row is left to it.
    pub(super) fn leave_to(&mut self, at: Time, outgoing: &Outgoing, run: RunId) -> Option<RunId> {
        let why = format!("the run {run} has the same call under way");
        if self.state.call(outgoing.call).is_some_and(|known| known.doubt) {
            self.give_up(at, outgoing, LEFT_TO_OTHER_RUN, &why);
            return None;
        }
        self.keep_back(at, outgoing.call, LEFT_TO_OTHER_RUN, why);
        Some(run)
    }

    /// A call whose intent is written and which was kept from being sent.
    pub(in crate::engine) fn on_withheld(&mut self, at: Time, outgoing: &Outgoing, why: &str) {
        if outgoing.write {
            self.keep_back(at, outgoing.call, "withheld", why.to_owned());
        }
    }

    /// A call is not sent, and stays to be done.
    pub(super) fn keep_back(&mut self, at: Time, call: CallRef, code: &str, why: String) {
        let fact = Brought::silent(AttemptEnd::NotMade, code, why).into_fact(call, false);
        self.record(at, Fact::Attempted(fact));
    }

    /// Ends a call by our own decision.
    pub(super) fn conclude(
        &mut self,
        at: Time,
        call: CallRef,
        how: AttemptEnd,
        ended: StepOutcome,
        code: &str,
        message: &str,
    ) {
        let mut fact = Brought::silent(how, code, message.to_owned()).into_fact(call, false);
        fact.ended = Some(ended);
        self.record(at, Fact::Attempted(fact));
    }
}
