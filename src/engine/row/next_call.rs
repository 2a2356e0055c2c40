//! What is to be done for a call that has not ended: wait, look up, send, or give it up.

use super::outgoing_call::Outgoing;
use super::row_machine::{Next, RowMachine};
use super::step_context::Scene;
use crate::journal::{AttemptEnd, CallRef, Fact, Intent};
use crate::model::{StepOutcome, Time};
use crate::plan::{BoundCall, BoundStep};

impl RowMachine {
    /// The next thing for a step's call that has not ended.
    pub(super) fn call(&mut self, scene: Scene<'_>, step: &BoundStep, call: CallRef) -> Option<Next> {
        self.next_send(scene, step, &step.call, call)
    }

    /// The next thing for a rollback that has not ended.
    pub(super) fn undo(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        rollback: &BoundCall,
        call: CallRef,
    ) -> Option<Next> {
        self.next_send(scene, step, rollback, call)
    }

    fn next_send(&mut self, scene: Scene<'_>, step: &BoundStep, bound: &BoundCall, call: CallRef) -> Option<Next> {
        let known = self.state.call(call);
        if known.is_some_and(|known| known.open) {
            self.lost_in_a_crash(scene, step, bound, call);
            return None;
        }
        if self.doubt_what_a_copy_lacks(scene, step, bound, call) {
            return None;
        }
        let known = self.state.call(call);
        if let Some(wait) = self.wait(scene, step, bound, call, known) {
            return Some(Next::Wait(wait));
        }
        let (look_up, doubt) = known.map_or((false, false), |known| (known.to_look_up, known.doubt));
        // A call that is asked about is judged by the rules of time as of when it was sent.
        let then = known.filter(|_| look_up).and_then(|known| known.first_at).unwrap_or(scene.now);
        match self.render_call(Scene { now: then, ..scene }, step, bound, call) {
            Ok(made) if look_up => self.lookup(scene, bound, made, then),
            Ok(made) => Some(Next::Send(Box::new(made))),
            Err((code, message)) if look_up => {
                self.end_unknown(scene.now, call, code, &message);
                None
            }
            Err((code, message)) => {
                self.refuse_to_make(scene.now, call, doubt, code, &message);
                None
            }
        }
    }

    /// A call that cannot be made has failed; one in doubt stays unknown.
    fn refuse_to_make(&mut self, at: Time, call: CallRef, doubt: bool, code: &str, message: &str) {
        let ended = if doubt { StepOutcome::Unknown } else { StepOutcome::Failed };
        self.conclude(at, call, AttemptEnd::NotMade, ended, code, message);
    }

    /// The intent of a write about to be sent.
    pub(in crate::engine) fn intend(&mut self, at: Time, outgoing: &Outgoing) {
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
