//! Processes the result of a call: an answer, no answer, or a reason why it was not sent.

use std::sync::Arc;

use super::attempt_result::AttemptResult;
use super::call_result::{AnswerEffects, CallResult, RunSignals};
use super::lookup::{bound, has_lookup};
use super::not_sent::RUN_STOPPED_FIRST;
use super::outgoing_call::OutgoingCall;
use super::row_machine::RowMachine;
use super::step_context::StepContext;
use super::waiting::lookup_delay;
use crate::journal::{AttemptEnd, Attempted, CallRef, Fact};
use crate::model::{Disposition, Phase, Repeat, SendError, StepOutcome};
use crate::plan::BoundStep;
use crate::policy::{Attempt, StopReason, THROTTLED_ATTEMPTS, Verdict, decide};

/// The most token renewals for one call. A call that is still refused after these has failed.
const MAX_TOKEN_RENEWALS: u32 = 8;

impl RowMachine {
    /// Processes the result of a call, and returns its effects on the rest of the run. Call [`RowMachine::next`]
    /// afterwards.
    pub(in crate::engine) fn on_result(
        &mut self,
        context: StepContext<'_>,
        outgoing: &OutgoingCall,
        result: CallResult,
        signals: RunSignals,
    ) -> AnswerEffects {
        self.signals = signals;
        let step = &context.plan.list(self.list)[outgoing.call.step as usize];
        let reading = match &result {
            CallResult::Answered(response) => {
                Some((outgoing.operation.read_for(&outgoing.inputs, response), response.status))
            }
            CallResult::Failed(_)
            | CallResult::Unauthenticated(_)
            | CallResult::DoneBefore { .. }
            | CallResult::LeftTo(_)
            | CallResult::QuotaUsedUp { .. } => None,
        };
        let result = match (reading, result) {
            (Some((reading, status)), _) => AttemptResult::of(reading, status, context.now),
            (
                None,
                CallResult::Failed(SendError::NotSent(why) | SendError::Shortage(why) | SendError::Untrusted(why)),
            ) => AttemptResult::silent(AttemptEnd::Unsent, "not_sent", why),
            (None, CallResult::Failed(SendError::NoAnswer(why))) => {
                AttemptResult::silent(AttemptEnd::Lost, "no_answer", why)
            }
            (None, CallResult::Unauthenticated(why)) => {
                self.on_withheld(context.now, outgoing, RUN_STOPPED_FIRST);
                let (code, operation) = ("credentials".to_owned(), outgoing.operation.full_name().to_owned());
                return AnswerEffects {
                    stop: Some(StopReason::Refused { code, message: why, operation, advice: None }),
                    ..AnswerEffects::default()
                };
            }
            (None, CallResult::QuotaUsedUp { what, until }) => {
                self.on_withheld(context.now, outgoing, RUN_STOPPED_FIRST);
                let (code, until) = ("daily_quota".to_owned(), Some(until));
                let stop = Some(StopReason::QuotaExhausted { code, message: what, until });
                return AnswerEffects { stop, ..AnswerEffects::default() };
            }
            (None, CallResult::DoneBefore { run, state }) => {
                let why = format!("the run {run} sent the same before: {}", state.as_str());
                self.give_up(context.now, outgoing, "done_before", &why);
                return AnswerEffects::default();
            }
            (None, CallResult::LeftTo(run)) => {
                let left_to = self.leave_to(context.now, outgoing, run);
                return AnswerEffects { left_to, ..AnswerEffects::default() };
            }
            (None, CallResult::Answered(_)) => return AnswerEffects::default(),
        };
        if outgoing.lookup {
            self.on_lookup(context, step, outgoing, result)
        } else {
            self.on_attempt(context, step, outgoing, result)
        }
    }

    fn on_attempt(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        outgoing: &OutgoingCall,
        result: AttemptResult,
    ) -> AnswerEffects {
        let call = outgoing.call;
        let (outcome, retry_after) = (result.send_outcome(), result.retry_after);
        self.vendor_set_wait = retry_after.is_some();
        let circumstances = self.circumstances(step, outgoing.write, outgoing.repeat, call, has_lookup(step, outgoing));
        let verdict = decide(outcome, &circumstances);
        let effects = result.effects(verdict, outgoing, context.now);
        let mut fact = result.into_fact(call, keeps_body(step, call));
        fact.look_up = verdict == Verdict::LookUp;
        fact.read = !outgoing.write;
        fact.token_known_expired =
            self.signals.token_known_expired && fact.end == AttemptEnd::Answered(Disposition::ExpiredToken);
        fact.outcome = match verdict {
            Verdict::Done(outcome) => Some(outcome),
            Verdict::Failed => Some(StepOutcome::Failed),
            Verdict::Unknown => Some(StepOutcome::Unknown),
            Verdict::Again | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => None,
        };
        if matches!(verdict, Verdict::Done(_)) && step.until.is_some() && !outgoing.write {
            self.judge_until(context, step, &mut fact);
        }
        if fact.outcome.is_none_or(StepOutcome::is_trouble) {
            fact.outputs = Arc::default();
        }
        self.record(context.now, Fact::Attempted(fact));
        self.wait_until = match verdict {
            Verdict::Again => Some(context.now.plus(self.back_off(context, step, call, retry_after))),
            Verdict::LookUp => Some(context.now.plus(lookup_delay(&bound(step, call).operation.lookup))),
            Verdict::Done(_) => {
                step.until.as_ref().filter(|_| self.is_open(call)).map(|until| context.now.plus(until.every))
            }
            Verdict::Failed | Verdict::Unknown | Verdict::Renew | Verdict::StopRun | Verdict::Hold => None,
        };
        effects
    }

    /// Evaluates the condition of a read that is repeated `until` it holds. While it does not hold, the call stays
    /// open; if the next read would be too late, the call fails.
    fn judge_until(&mut self, context: StepContext<'_>, step: &BoundStep, fact: &mut Attempted) {
        let Some(until) = &step.until else { return };
        let mut tried = self.state.clone();
        tried.apply(context.now, &Fact::Attempted(fact.clone()));
        let untried = std::mem::replace(&mut self.state, tried);
        self.publish_step(fact.call.step as usize, step, fact.outcome);
        let holds = self.holds(context, &until.is.value);
        self.state = untried;
        let began = self.state.call(fact.call).and_then(|known| known.first_at).unwrap_or(context.now);
        let fail = |fact: &mut Attempted, message: String| {
            fact.outcome = Some(StepOutcome::Failed);
            fact.code = Some("until".to_owned());
            fact.message = Some(message);
        };
        match holds {
            Ok(true) => {}
            Ok(false) if context.now.plus(until.every) > began.plus(until.within) => {
                let within = crate::model::show_duration(until.within);
                fail(fact, format!("`until` did not hold within {within}: {}", until.is.value.text()));
            }
            Ok(false) => fact.outcome = None,
            Err(message) => fail(fact, format!("`until` could not be evaluated: {message}")),
        }
    }

    /// The input of the decision table for the call, including the attempt that just ended.
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
            gate_sends_left: self.signals.out_of_reach || gate_sends < step.retry.attempts.max(THROTTLED_ATTEMPTS),
            renewals_left: known.is_none_or(|known| known.renewals < MAX_TOKEN_RENEWALS),
            token_hopeless: self.signals.token_hopeless,
        }
    }

    /// Whether a call has not ended.
    pub(super) fn is_open(&self, call: CallRef) -> bool {
        self.state.call(call).is_some_and(|known| known.ended.is_none())
    }
}

fn keeps_body(step: &BoundStep, call: CallRef) -> bool {
    step.body_used && call.phase == Phase::Do
}
