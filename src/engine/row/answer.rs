//! What an answer, or its absence, does to a row.

use std::sync::Arc;

use super::attempt_result::Brought;
use super::call_result::{CallResult, Echo, Surroundings};
use super::lookup::{bound, has_lookup};
use super::not_sent::STOPPED;
use super::outgoing_call::Outgoing;
use super::row_machine::RowMachine;
use super::step_context::Scene;
use super::waiting::settle;
use crate::journal::{AttemptEnd, Attempted, CallRef, Fact};
use crate::model::{Disposition, Phase, Repeat, SendError, StepOutcome};
use crate::plan::BoundStep;
use crate::policy::{Attempt, StopReason, THROTTLED_ATTEMPTS, Verdict, decide};

/// Renewals of the token for one call; after that it is the call that is refused.
const RENEWALS: u32 = 8;

impl RowMachine {
    /// Takes in what became of a call. The caller goes on with [`RowMachine::next`].
    pub(in crate::engine) fn on_result(
        &mut self,
        scene: Scene<'_>,
        outgoing: &Outgoing,
        result: CallResult,
        around: Surroundings,
    ) -> Echo {
        self.around = around;
        let step = &scene.plan.list(self.list)[outgoing.call.step as usize];
        let reading = match &result {
            CallResult::Answered(response) => Some(outgoing.operation.read_for(&outgoing.inputs, response)),
            CallResult::Failed(_)
            | CallResult::Unauthenticated(_)
            | CallResult::DoneBefore { .. }
            | CallResult::LeftTo(_)
            | CallResult::QuotaUsedUp { .. } => None,
        };
        let brought = match (reading, result) {
            (Some(reading), _) => Brought::of(reading, scene.now),
            (
                None,
                CallResult::Failed(SendError::NotSent(why) | SendError::Shortage(why) | SendError::Untrusted(why)),
            ) => Brought::silent(AttemptEnd::Unsent, "not_sent", why),
            (None, CallResult::Failed(SendError::NoAnswer(why))) => Brought::silent(AttemptEnd::Lost, "no_answer", why),
            (None, CallResult::Unauthenticated(why)) => {
                self.on_withheld(scene.now, outgoing, STOPPED);
                let (code, operation) = ("credentials".to_owned(), outgoing.operation.full_name().to_owned());
                return Echo {
                    stop: Some(StopReason::Refused { code, message: why, operation, advice: None }),
                    ..Echo::default()
                };
            }
            (None, CallResult::QuotaUsedUp { what, until }) => {
                self.on_withheld(scene.now, outgoing, STOPPED);
                let (code, until) = ("daily_quota".to_owned(), Some(until));
                let stop = Some(StopReason::QuotaExhausted { code, message: what, until });
                return Echo { stop, ..Echo::default() };
            }
            (None, CallResult::DoneBefore { run, state }) => {
                let why = format!("the run {run} sent the same before: {}", state.as_str());
                self.give_up(scene.now, outgoing, "done_before", &why);
                return Echo::default();
            }
            (None, CallResult::LeftTo(run)) => {
                let left_to = self.leave_to(scene.now, outgoing, run);
                return Echo { left_to, ..Echo::default() };
            }
            (None, CallResult::Answered(_)) => return Echo::default(),
        };
        if outgoing.lookup {
            self.on_lookup(scene, step, outgoing, brought)
        } else {
            self.on_attempt(scene, step, outgoing, brought)
        }
    }

    fn on_attempt(&mut self, scene: Scene<'_>, step: &BoundStep, outgoing: &Outgoing, brought: Brought) -> Echo {
        let call = outgoing.call;
        let (came, retry_after) = (brought.came(), brought.retry_after);
        self.told_to_wait = retry_after.is_some();
        let circumstances = self.circumstances(step, outgoing.write, outgoing.repeat, call, has_lookup(step, outgoing));
        let verdict = decide(came, &circumstances);
        let echo = brought.echo(verdict, outgoing, scene.now);
        let mut fact = brought.into_fact(call, keeps_body(step, call));
        fact.look_up = verdict == Verdict::LookUp;
        fact.read = !outgoing.write;
        fact.token_known_expired =
            self.around.token_known_expired && fact.how == AttemptEnd::Answered(Disposition::ExpiredToken);
        fact.ended = match verdict {
            Verdict::Done(outcome) => Some(outcome),
            Verdict::Failed => Some(StepOutcome::Failed),
            Verdict::Unknown => Some(StepOutcome::Unknown),
            Verdict::Again | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => None,
        };
        if matches!(verdict, Verdict::Done(_)) && step.until.is_some() && !outgoing.write {
            self.judge_until(scene, step, &mut fact);
        }
        if fact.ended.is_none_or(StepOutcome::is_trouble) {
            fact.outputs = Arc::default();
        }
        self.record(scene.now, Fact::Attempted(fact));
        self.wait_until = match verdict {
            Verdict::Again => Some(scene.now.plus(self.back_off(scene, step, call, retry_after))),
            Verdict::LookUp => Some(scene.now.plus(settle(&bound(step, call).operation.lookup))),
            Verdict::Done(_) => {
                step.until.as_ref().filter(|_| self.is_open(call)).map(|until| scene.now.plus(until.every))
            }
            Verdict::Failed | Verdict::Unknown | Verdict::Renew | Verdict::StopRun | Verdict::Hold => None,
        };
        echo
    }

    /// A read that is repeated until a condition holds.
    fn judge_until(&mut self, scene: Scene<'_>, step: &BoundStep, fact: &mut Attempted) {
        let Some(until) = &step.until else { return };
        let mut tried = self.state.clone();
        tried.apply(scene.now, &Fact::Attempted(fact.clone()));
        let untried = std::mem::replace(&mut self.state, tried);
        self.learn_step(fact.call.step as usize, step, fact.ended);
        let holds = self.holds(scene, &until.is.template);
        self.state = untried;
        let began = self.state.call(fact.call).and_then(|known| known.first_at).unwrap_or(scene.now);
        let fail = |fact: &mut Attempted, message: String| {
            fact.ended = Some(StepOutcome::Failed);
            fact.code = Some("until".to_owned());
            fact.message = Some(message);
        };
        match holds {
            Ok(true) => {}
            Ok(false) if scene.now.plus(until.every) > began.plus(until.within) => {
                let within = crate::model::show_duration(until.within);
                fail(fact, format!("`until` did not hold within {within}: {}", until.is.template.text()));
            }
            Ok(false) => fact.ended = None,
            Err(message) => fail(fact, format!("`until` could not be judged: {message}")),
        }
    }

    /// The call's circumstances, the attempt that just ended included.
    pub(super) fn circumstances(
        &self,
        step: &BoundStep,
        write: bool,
        repeat: Repeat,
        call: CallRef,
        lookup: bool,
    ) -> Attempt {
        let known = self.state.call(call);
        let sends = known.map_or(0, |known| known.sends) + 1;
        let gate_sends = known.map_or(0, |known| known.gate_sends) + 1;
        Attempt {
            write,
            repeat,
            doubt: known.is_some_and(|known| known.doubt),
            lookup,
            sends_left: sends < step.retry.attempts,
            gate_sends_left: self.around.out_of_reach || gate_sends < step.retry.attempts.max(THROTTLED_ATTEMPTS),
            renewals_left: known.is_none_or(|known| known.renewals < RENEWALS),
            token_hopeless: self.around.token_hopeless,
        }
    }

    fn is_open(&self, call: CallRef) -> bool {
        self.state.call(call).is_some_and(|known| known.ended.is_none())
    }
}

fn keeps_body(step: &BoundStep, call: CallRef) -> bool {
    step.body_used && call.phase == Phase::Do
}
