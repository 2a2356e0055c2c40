//! Processes the results of orders and passes them on: to each row that asked, to rates, to tokens and to the whole
//! run.

use std::time::Duration;

use super::engine::{Active, Engine};
use crate::engine::row::{AnswerEffects, CallResult, OutgoingCall, RunSignals, StepContext, shape_index};
use crate::journal::Waits;
use crate::model::{Disposition, SendError, StepScope, Time};
use crate::policy::{StopReason, WaitReason};

impl Engine {
    /// Processes the result of an order.
    pub fn on_result(&mut self, ticket: u64, result: CallResult, now: Time) {
        let Some(members) = self.in_flight.remove(&ticket) else { return };
        let Some(leader) = members.first().and_then(|scope| self.active.get(scope)?.outgoing.as_deref()) else {
            return;
        };
        let (bucket, connection) = (leader.bucket, leader.connection);
        let refused = members.len() > 1 && is_rejected(leader, &result);
        self.admission.leave(bucket);
        self.judge_reachability(connection, &result, now);
        match members.as_slice() {
            [alone] => self.answer_one(*alone, result, 0, now),
            _ if refused => {
                self.count_refused_batch(members[0]);
                self.split_refused_lookup(members, bucket, now);
            }
            _ => {
                for (place, scope) in members.iter().enumerate() {
                    self.answer_one(*scope, result.clone(), place, now);
                }
            }
        }
        self.news = true;
    }

    /// Passes the result to a scope. `place` is its index among those that share the request; the first one counts
    /// the attempt.
    fn answer_one(&mut self, scope: StepScope, result: CallResult, place: usize, now: Time) {
        let Some(mut active) = self.active.remove(&scope) else { return };
        if let Some(outgoing) = active.outgoing.take() {
            let context = StepContext { plan: &self.plan, shape: &self.shapes[shape_index(scope)], rng: self.rng, now };
            let fetched_at = self.token_fetched_at[outgoing.connection];
            let of_token = self.tokens.signals(outgoing.connection, active.sent_at, fetched_at);
            let out_of_reach = self.reachability[outgoing.connection].is_failing();
            let signals = RunSignals { out_of_reach, joined: place > 0, ..of_token };
            let sent = is_sent(&result);
            let waited = active.waited_until(&result, now);
            active.machine.set_timing(took(&result, active.sent_at, now), waited);
            let mut effects = active.machine.on_result(context, &outgoing, result, signals);
            let left_to = effects.left_to.take();
            if sent && place == 0 {
                let first = active.machine.state().call(outgoing.call).is_none_or(|call| call.all_sends <= 1);
                self.count(&outgoing, first, effects.throttled.is_some());
            }
            self.count_call(scope, &mut active, &outgoing, sent, now);
            self.recount_effects(&mut active);
            self.apply_effects(effects, &outgoing, &active, now);
            if let Some(run) = left_to {
                return self.leave_to(scope, active, run, now);
            }
        }
        self.advance(scope, active, now);
    }

    /// Applies the effects of an answer beyond its row.
    fn apply_effects(&mut self, effects: AnswerEffects, outgoing: &OutgoingCall, active: &Active, now: Time) {
        if let Some(what) = &effects.trouble {
            self.progress.troubled += 1;
            self.progress.last_trouble = Some(format!("{}: {what}", outgoing.operation.full_name()));
        }
        if let Some(retry_after) = effects.throttled {
            self.admission.throttled(outgoing.bucket, now, retry_after);
        }
        self.progress.asked_until = self.progress.asked_until.max(effects.asked_until);
        if effects.token_accepted {
            self.tokens.accepted(outgoing.connection);
        }
        if effects.token_expired {
            self.tokens.expired(outgoing.connection, active.sent_at, self.token_fetched_at[outgoing.connection]);
        }
        if let Some(reason) = effects.stop {
            self.stop_for(reason, now);
        }
    }

    /// Stops the run if a vendor cannot be reached, instead of failing its rows: after a while, or at once if no
    /// later call could get through.
    fn judge_reachability(&mut self, connection: usize, result: &CallResult, now: Time) {
        let (why, at_once) = match result {
            CallResult::Failed(SendError::NotSent(why) | SendError::Shortage(why)) => (why, false),
            CallResult::Failed(SendError::Untrusted(why)) => (why, true),
            CallResult::DoneBefore { .. } | CallResult::LeftTo(_) | CallResult::QuotaUsedUp { .. } => return,
            CallResult::Answered(_) | CallResult::Failed(SendError::NoAnswer(_)) | CallResult::Unauthenticated(_) => {
                return self.reachability[connection].on_reached();
            }
        };
        self.reachability[connection].explain(why);
        if self.reachability[connection].on_unreached(now) || at_once {
            self.stop_out_of_reach(connection, why.clone(), now);
        }
    }

    /// Stops the run because a connection's vendor cannot be reached.
    pub(super) fn stop_out_of_reach(&mut self, connection: usize, message: String, now: Time) {
        let connection = self.plan.connections[connection].name.clone();
        self.stop_for(StopReason::Unreachable { connection, message }, now);
    }

    /// Counts the attempt of a shared lookup that the vendor rejected.
    fn count_refused_batch(&mut self, leader: StepScope) {
        let Some(outgoing) = self.active.get_mut(&leader).and_then(|active| active.outgoing.take()) else { return };
        self.count(&outgoing, true, false);
        if let Some(active) = self.active.get_mut(&leader) {
            active.outgoing = Some(outgoing);
        }
    }

    fn count(&mut self, outgoing: &OutgoingCall, first: bool, throttled: bool) {
        let name = outgoing.operation.full_name();
        let known = &mut self.progress.operations;
        if !known.contains_key(name) {
            known.insert(name.to_owned(), Default::default());
        }
        let Some(counts) = known.get_mut(name) else { return };
        counts.calls += u64::from(first || outgoing.lookup);
        counts.attempts += 1;
        counts.throttled += u64::from(throttled);
    }
}

impl Active {
    /// What the call waited for until it was handed to the network, or until its result came without that.
    fn waited_until(&mut self, result: &CallResult, now: Time) -> Waits {
        match result {
            CallResult::DoneBefore { .. } | CallResult::LeftTo(_) => {
                self.wait.in_driver(WaitReason::OtherRun, self.sent_at, now);
            }
            CallResult::Answered(_)
            | CallResult::Failed(_)
            | CallResult::Unauthenticated(_)
            | CallResult::QuotaUsedUp { .. } => {}
        }
        self.wait.take(now)
    }
}

/// How long a call took in the network; `None` if it was not handed to it.
fn took(result: &CallResult, sent_at: Time, now: Time) -> Option<Duration> {
    match result {
        CallResult::Answered(_) | CallResult::Failed(_) => Some(now.since(sent_at)),
        CallResult::Unauthenticated(_)
        | CallResult::DoneBefore { .. }
        | CallResult::LeftTo(_)
        | CallResult::QuotaUsedUp { .. } => None,
    }
}

/// Whether a result counts as an attempt: all except those of orders that were held back on purpose.
fn is_sent(result: &CallResult) -> bool {
    match result {
        CallResult::Answered(_) | CallResult::Failed(_) | CallResult::Unauthenticated(_) => true,
        CallResult::DoneBefore { .. } | CallResult::LeftTo(_) | CallResult::QuotaUsedUp { .. } => false,
    }
}

/// Whether the vendor rejected a request.
fn is_rejected(outgoing: &OutgoingCall, result: &CallResult) -> bool {
    match result {
        CallResult::Answered(response) => {
            outgoing.operation.read_for(&outgoing.inputs, response).disposition == Disposition::Rejected
        }
        CallResult::Failed(_)
        | CallResult::Unauthenticated(_)
        | CallResult::DoneBefore { .. }
        | CallResult::LeftTo(_)
        | CallResult::QuotaUsedUp { .. } => false,
    }
}
