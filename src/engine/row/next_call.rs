//! What to do next for a call that has not ended: wait, look it up, send it, or end it.

use super::outgoing_call::OutgoingCall;
use super::row_machine::{NextMove, RowMachine};
use super::step_context::StepContext;
use crate::journal::{AttemptEnd, CallRef, Fact, Intent};
use crate::model::{StepOutcome, Time};
use crate::plan::{BoundCall, BoundStep};

impl RowMachine {
    /// What to do next for a step's call that has not ended.
    pub(super) fn call(&mut self, context: StepContext<'_>, step: &BoundStep, call: CallRef) -> Option<NextMove> {
        self.next_send(context, step, &step.call, call)
    }

    /// What to do next for a rollback that has not ended.
    pub(super) fn undo(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        rollback: &BoundCall,
        call: CallRef,
    ) -> Option<NextMove> {
        self.next_send(context, step, rollback, call)
    }

    fn next_send(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) -> Option<NextMove> {
        let known = self.state.call(call);
        if known.is_some_and(|known| known.open) {
            self.lost_in_crash(context, step, bound, call);
            return None;
        }
        if self.doubt_call_after_copy(context, step, bound, call) {
            return None;
        }
        let known = self.state.call(call);
        if let Some(wait) = self.wait(context, step, bound, call, known) {
            return Some(NextMove::Wait(wait));
        }
        let (look_up, doubt) = known.map_or((false, false), |known| (known.to_look_up, known.doubt));
        // A call that is looked up is rendered as of the instant when it was sent, because its deadlines may have
        // passed since.
        let then = known.filter(|_| look_up).and_then(|known| known.first_at).unwrap_or(context.now);
        match self.render_call(StepContext { now: then, ..context }, step, bound, call) {
            Ok(made) if look_up => self.lookup(context, bound, made, then),
            Ok(made) => Some(NextMove::Send(Box::new(made))),
            Err((code, message)) if look_up => {
                self.end_unknown(context.now, call, code, &message);
                None
            }
            Err((code, message)) => {
                self.refuse_to_make(context.now, call, doubt, code, &message);
                None
            }
        }
    }

    /// Ends a call that cannot be rendered: as failed, or as unknown if an earlier send may have taken effect.
    fn refuse_to_make(&mut self, at: Time, call: CallRef, doubt: bool, code: &str, message: &str) {
        let ended = if doubt { StepOutcome::Unknown } else { StepOutcome::Failed };
        self.end_call(at, call, AttemptEnd::NotMade, ended, code, message);
    }

    /// Records the intent of a write that is about to be sent. A read has none.
    pub(in crate::engine) fn intend(&mut self, at: Time, outgoing: &OutgoingCall) {
        self.wait_until = None;
        if !outgoing.write {
            return;
        }
        let attempt = self.state.call(outgoing.call).map_or(0, |known| known.all_sends) + 1;
        self.record(
            at,
            Fact::Intent(Intent {
                call: outgoing.call,
                attempt,
                hash: outgoing.hash.clone().unwrap_or_else(|| outgoing.prepared.hash()),
                element: outgoing.element.clone(),
                natural_key: outgoing.natural_key.clone(),
                counts: outgoing.counts.clone(),
                effect: outgoing.effect,
            }),
        );
    }
}
