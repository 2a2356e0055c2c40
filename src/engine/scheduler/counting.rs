//! Counts for the progress display: calls that ended, the time they took, and the kinds of failure.

use super::engine::{Active, Engine};
use crate::engine::row::{OutgoingCall, StepContext, shape_index};
use crate::journal::RowEnded;
use crate::model::{Phase, StepScope, Time};
use crate::policy::FailureSignature;

impl Engine {
    /// Counts a call whose result came: its time, and the call itself if it has ended.
    pub(super) fn count_call(
        &mut self,
        scope: StepScope,
        active: &mut Active,
        outgoing: &OutgoingCall,
        sent: bool,
        now: Time,
    ) {
        if sent && outgoing.lookup == self.lookups_only {
            self.calls.add_latency(outgoing.operation.full_name(), now.since(active.sent_at));
        }
        let is_open = || active.machine.state().call(outgoing.call).is_none_or(|call| call.ended.is_none());
        if !self.lookups_only && is_open() {
            return;
        }
        self.recount_calls(scope, active);
        if outgoing.call.phase == Phase::Rollback && sent && !outgoing.lookup {
            self.calls.add_rollback(outgoing.operation.full_name());
        }
    }

    pub(super) fn recount_calls(&mut self, scope: StepScope, active: &mut Active) {
        let now = self.calls.done_calls(active.machine.state());
        self.calls.change(scope, &active.calls_done, &now);
        active.calls_done = now;
    }

    /// Counts a scope that has just ended: its calls, and why it failed if it did.
    pub(super) fn count_ended(&mut self, scope: StepScope, active: &mut Active, ended: &RowEnded, now: Time) {
        self.recount_calls(scope, active);
        if !ended.outcome.is_trouble() {
            return;
        }
        self.calls.end_in_trouble(&self.plan, scope, &mut active.machine, &active.calls_done);
        if !matches!(scope, StepScope::Row(_)) {
            return;
        }
        let kind = FailureSignature { step: ended.step.clone(), code: ended.code.clone() };
        let context = StepContext { plan: &self.plan, shape: &self.shapes[shape_index(scope)], rng: self.rng, now };
        let machine = &mut active.machine;
        self.failures.add(ended.outcome, kind, |code| machine.masks(context).text(code).into_owned());
    }
}
