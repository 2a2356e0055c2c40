//! What became of what was sent: to each row that asked, to the budget, to the token, to the run.

use super::engine::{Active, Engine};
use crate::engine::row::{CallResult, Echo, Outgoing, Scene, Surroundings, shape_of};
use crate::model::{Disposition, SendError, StepScope as Whose, Time};
use crate::policy::StopReason;

impl Engine {
    /// What became of an order.
    pub fn on_result(&mut self, ticket: u64, result: CallResult, now: Time) {
        let Some(members) = self.on_the_wire.remove(&ticket) else { return };
        let Some(leader) = members.first().and_then(|whose| self.active.get(whose)?.outgoing.as_deref()) else {
            return;
        };
        let (budget, connection) = (leader.budget, leader.connection);
        let refused = members.len() > 1 && is_rejected(leader, &result);
        self.gates.leave(budget);
        self.judge_reach(connection, &result, now);
        match members.as_slice() {
            [alone] => self.answer_one(*alone, result, 0, now),
            _ if refused => {
                self.count_refused(members[0]);
                self.halve(members, budget);
            }
            _ => {
                for (place, whose) in members.iter().enumerate() {
                    self.answer_one(*whose, result.clone(), place, now);
                }
            }
        }
        self.news = true;
    }

    /// Gives a scope its answer; `place` is its place among those that asked together.
    fn answer_one(&mut self, whose: Whose, result: CallResult, place: usize, now: Time) {
        let Some(mut active) = self.active.remove(&whose) else { return };
        if let Some(outgoing) = active.outgoing.take() {
            let scene = Scene { plan: &self.plan, shape: &self.shapes[shape_of(whose)], dice: self.dice, now };
            let fetched_at = self.token_fetched_at[outgoing.connection];
            let around = self.tokens.standing(outgoing.connection, active.sent_at, fetched_at);
            let around = Surroundings { out_of_reach: self.health[outgoing.connection].is_failing(), ..around };
            let sent = is_sent(&result);
            active.machine.joined = place > 0;
            let mut echo = active.machine.on_result(scene, &outgoing, result, around);
            let left_to = echo.left_to.take();
            if sent && place == 0 {
                let first = active.machine.state().call(outgoing.call).is_none_or(|call| call.all_sends <= 1);
                self.count(&outgoing, first, echo.throttled.is_some());
            }
            self.recount(&mut active);
            self.heed(echo, &outgoing, &active, now);
            if let Some(run) = left_to {
                return self.leave_to(whose, active, run, now);
            }
        }
        self.advance(whose, active, now);
    }

    /// What an answer means beyond the row that asked.
    fn heed(&mut self, echo: Echo, outgoing: &Outgoing, active: &Active, now: Time) {
        if let Some(what) = &echo.trouble {
            self.progress.troubled += 1;
            self.progress.last_trouble = Some(format!("{}: {what}", outgoing.operation.full_name()));
        }
        if let Some(retry_after) = echo.throttled {
            self.gates.throttled(outgoing.budget, now, retry_after);
        }
        self.progress.asked_until = self.progress.asked_until.max(echo.asked_until);
        if echo.token_accepted {
            self.tokens.accepted(outgoing.connection);
        }
        if echo.token_expired {
            self.tokens.expired(outgoing.connection, active.sent_at, self.token_fetched_at[outgoing.connection]);
        }
        if let Some(reason) = echo.stop {
            self.stop_for(reason, now);
        }
    }

    /// A vendor that cannot be reached stops the run rather than failing its rows: after a while, or at once where no
    /// later call could fare better.
    fn judge_reach(&mut self, connection: usize, result: &CallResult, now: Time) {
        let (why, at_once) = match result {
            CallResult::Failed(SendError::NotSent(why) | SendError::Shortage(why)) => (why, false),
            CallResult::Failed(SendError::Untrusted(why)) => (why, true),
            CallResult::DoneBefore { .. } | CallResult::LeftTo(_) | CallResult::QuotaUsedUp { .. } => return,
            CallResult::Answered(_) | CallResult::Failed(SendError::NoAnswer(_)) | CallResult::Unauthenticated(_) => {
                return self.health[connection].on_reached();
            }
        };
        if self.health[connection].on_unreached(now) || at_once {
            self.stop_out_of_reach(connection, why.clone(), now);
        }
    }

    /// Stops the run as a connection's vendor cannot be reached.
    pub(super) fn stop_out_of_reach(&mut self, connection: usize, message: String, now: Time) {
        let connection = self.plan.connections[connection].name.clone();
        self.stop_for(StopReason::Unreachable { connection, message }, now);
    }

    /// Counts a read that several asked and that was refused as a whole.
    fn count_refused(&mut self, leader: Whose) {
        let Some(outgoing) = self.active.get_mut(&leader).and_then(|active| active.outgoing.take()) else { return };
        self.count(&outgoing, true, false);
        if let Some(active) = self.active.get_mut(&leader) {
            active.outgoing = Some(outgoing);
        }
    }

    fn count(&mut self, outgoing: &Outgoing, first: bool, throttled: bool) {
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

/// Whether an order was handed to the network, or would have been but for its credentials.
fn is_sent(result: &CallResult) -> bool {
    match result {
        CallResult::Answered(_) | CallResult::Failed(_) | CallResult::Unauthenticated(_) => true,
        CallResult::DoneBefore { .. } | CallResult::LeftTo(_) | CallResult::QuotaUsedUp { .. } => false,
    }
}

/// Whether a read was refused as it was.
fn is_rejected(outgoing: &Outgoing, result: &CallResult) -> bool {
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
