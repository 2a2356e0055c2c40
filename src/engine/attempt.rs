//! What an answer, or its absence, does to a row.

use std::sync::Arc;
use std::time::Duration;

use super::action::CallResult;
use super::outgoing::Outgoing;
use super::row_machine::{RowMachine, Scene};
use super::sending::LOOKUPS;
use super::surroundings::Surroundings;
use super::withheld::STOPPED;
use crate::journal::{AttemptEnd, Attempted, CallRef, CallState, Fact};
use crate::model::{Disposition, Map, Phase, Repeat, RunId, SendError, StepOutcome, Time, Value};
use crate::plan::{BoundCall, BoundStep};
use crate::playbook::Retry;
use crate::policy::{
    Attempt, LookupVerdict, SendOutcome, StopReason, THROTTLED_ATTEMPTS, Verdict, decide, decide_after_lookup,
    refusal_advice, wait_to_resend,
};
use crate::provider::{Effect, Operation, Output, Reading, Redirect, Remedy, RetryAfter, Verdict as Told};

/// Renewals of the token for one call; after that it is the call that is refused.
const RENEWALS: u32 = 8;

/// Whole answers up to this size are kept in the journal even where no template uses them, in bytes.
const BODY_KEPT: usize = 2_048;

/// What the scheduler must know of an answer besides the row's own facts.
#[derive(Debug, Default)]
pub(super) struct Echo {
    /// The budget is refused for pace; the vendor's own wait.
    pub throttled: Option<Option<Duration>>,
    /// The connection's token has run out.
    pub token_expired: bool,
    /// The vendor took the token.
    pub token_accepted: bool,
    /// The run must stop.
    pub stop: Option<StopReason>,
    /// The run that has the same call under way; the row is left until that one has said what became of it.
    pub left_to: Option<RunId>,
    /// Until when the vendor asked to wait, by `Retry-After`.
    pub asked_until: Option<Time>,
    /// What kept the call from being done, where that may pass; our words or the vendor's code, never its words.
    pub trouble: Option<String>,
}

/// What one attempt brought, before it is a fact.
struct Brought {
    how: AttemptEnd,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    outputs: Map,
    body: Value,
    retry_after: Option<Duration>,
    remedy: Option<Remedy>,
    redirect: Option<Redirect>,
}

impl RowMachine {
    /// Takes in what became of a call. The caller goes on with [`RowMachine::next`].
    pub(super) fn on_result(
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

    fn on_lookup(&mut self, scene: Scene<'_>, step: &BoundStep, outgoing: &Outgoing, brought: Brought) -> Echo {
        let call = outgoing.call;
        let refused =
            matches!(brought.came(), SendOutcome::Answered(Disposition::Refused | Disposition::QuotaExhausted));
        let echo = brought.echo(if refused { Verdict::StopRun } else { Verdict::Again }, outgoing, scene.now);
        let retry_after = brought.retry_after;
        self.asks_alone = brought.how == AttemptEnd::Answered(Disposition::Rejected);
        let known = self.state.call(call).cloned().unwrap_or_default();
        let done = matches!(brought.how, AttemptEnd::Answered(disposition) if disposition.is_done());
        let told = done.then(|| self.told(step, outgoing, &known, &brought));
        let mut fact = Attempted { outputs: Arc::default(), joined: self.joined, ..brought.into_fact(call, false) };
        let last = known.lookups + 1 >= LOOKUPS;
        match told {
            Some((told, outputs)) if told != LookupVerdict::Undecided || last => {
                let circumstances = self.circumstances(step, true, outgoing.repeat, call, true);
                let verdict = decide_after_lookup(told, &circumstances);
                fact.how = AttemptEnd::LookedUp(told);
                fact.ended = match verdict {
                    Verdict::Done(outcome) => Some(outcome),
                    Verdict::Again => None,
                    Verdict::Failed => Some(StepOutcome::Failed),
                    Verdict::Unknown | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => {
                        Some(StepOutcome::Unknown)
                    }
                };
                fact.outputs = Arc::new(outputs);
                explain(&mut fact, told);
            }
            _ => {
                fact.how = AttemptEnd::LookupFailed;
                fact.look_up = !last;
                fact.ended = last.then_some(StepOutcome::Unknown);
            }
        }
        self.record(scene.now, Fact::Attempted(fact));
        let settle = settle(&bound(step, call).operation.lookup);
        self.wait_until = Some(scene.now.plus(settle.max(self.back_off(scene, step, call, retry_after))));
        echo
    }

    fn told(
        &self,
        step: &BoundStep,
        outgoing: &Outgoing,
        known: &CallState,
        brought: &Brought,
    ) -> (LookupVerdict, Map) {
        let Some(lookup) = &bound(step, outgoing.call).operation.lookup else {
            return (LookupVerdict::Undecided, Map::new());
        };
        let intent_at = known.first_at.unwrap_or_default();
        match lookup.verdict(&outgoing.call_inputs, intent_at, &brought.reading()) {
            Told::TookEffect(outputs) if lacks_a_required(&bound(step, outgoing.call).operation, &outputs) => {
                (LookupVerdict::Undecided, Map::new())
            }
            Told::TookEffect(outputs) => (LookupVerdict::TookEffect, outputs),
            Told::DidNot if lookup.conclusive => (LookupVerdict::DidNot, Map::new()),
            Told::DidNot | Told::Undecided => (LookupVerdict::Undecided, Map::new()),
        }
    }

    /// The call's circumstances, the attempt that just ended included.
    fn circumstances(&self, step: &BoundStep, write: bool, repeat: Repeat, call: CallRef, lookup: bool) -> Attempt {
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

    /// A call whose intent stands without an answer: the process ended in between.
    pub(super) fn lost_in_a_crash(&mut self, scene: Scene<'_>, step: &BoundStep, bound: &BoundCall, call: CallRef) {
        let why = ("interrupted", "runsheet was stopped before the answer came");
        self.lost(scene, (step, bound), call, None, why);
    }

    /// A call of which no answer will come. `repeat` is what may follow; where it is none, the call itself says.
    pub(super) fn lost(
        &mut self,
        scene: Scene<'_>,
        (step, bound): (&BoundStep, &BoundCall),
        call: CallRef,
        repeat: Option<Repeat>,
        (code, why): (&str, &str),
    ) {
        let write = bound.operation.effect == Effect::Write;
        let then = self.state.call(call).and_then(|known| known.first_at).unwrap_or(scene.now);
        let (own, lookup) = match self.render_call(Scene { now: then, ..scene }, step, bound, call) {
            Ok(made) => (made.repeat, has_lookup(step, &made)),
            Err(_) => (Repeat::Never, false),
        };
        let circumstances = self.circumstances(step, write, repeat.unwrap_or(own), call, lookup);
        let verdict = decide(SendOutcome::Lost, &circumstances);
        let mut fact = Brought::silent(AttemptEnd::Lost, code, why.to_owned()).into_fact(call, false);
        fact.look_up = verdict == Verdict::LookUp;
        fact.ended = match verdict {
            Verdict::Unknown => Some(StepOutcome::Unknown),
            Verdict::Failed => Some(StepOutcome::Failed),
            Verdict::Done(_) | Verdict::Again | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => {
                None
            }
        };
        self.record(scene.now, Fact::Attempted(fact));
        self.wait_until = match verdict {
            Verdict::LookUp => Some(scene.now.plus(settle(&bound.operation.lookup))),
            Verdict::Done(_)
            | Verdict::Failed
            | Verdict::Unknown
            | Verdict::Again
            | Verdict::Renew
            | Verdict::StopRun
            | Verdict::Hold => None,
        };
    }

    /// The wait that was due when the process ended, from the journal alone.
    pub(super) fn wait_after_resume(
        &self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: &CallState,
    ) -> Option<Time> {
        let last = known.last_at?;
        if known.to_look_up {
            return Some(last.plus(settle(&bound.operation.lookup)));
        }
        match &step.until {
            Some(until) if known.polls > 0 && known.sends == 0 => Some(last.plus(until.every)),
            _ => Some(last.plus(self.back_off(scene, step, call, None))),
        }
    }

    fn back_off(&self, scene: Scene<'_>, step: &BoundStep, call: CallRef, retry_after: Option<Duration>) -> Duration {
        let Some(known) = self.state.call(call) else { return Duration::ZERO };
        let fraction = scene.dice.fraction(&self.place_in_dice(call, known.all_sends));
        // A vendor that nobody reaches is not hammered, however short a step's own waits are.
        let retry = if self.around.out_of_reach { Retry::default() } else { step.retry };
        wait_to_resend(&retry, (known.sends + known.gate_sends + known.lookups).max(1), fraction, retry_after)
    }

    fn is_open(&self, call: CallRef) -> bool {
        self.state.call(call).is_some_and(|known| known.ended.is_none())
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

fn bound(step: &BoundStep, call: CallRef) -> &BoundCall {
    match (call.phase, &step.rollback) {
        (Phase::Rollback, Some(rollback)) => rollback,
        (Phase::Do, _) | (Phase::Rollback, None) => &step.call,
    }
}

/// Whether a read can tell what became of this very call.
fn has_lookup(step: &BoundStep, made: &Outgoing) -> bool {
    let bound = bound(step, made.call);
    bound.lookup.is_some() && bound.operation.lookup_for(&made.inputs).is_some()
}

fn keeps_body(step: &BoundStep, call: CallRef) -> bool {
    step.body_used && call.phase == Phase::Do
}

fn settle(lookup: &Option<crate::provider::Lookup>) -> Duration {
    lookup.as_ref().map_or(Duration::ZERO, |lookup| lookup.settle)
}

/// Whether a lookup found the effect and not what is required of it, so that later steps would go on with nothing.
fn lacks_a_required(operation: &Operation, outputs: &Map) -> bool {
    let blank = |output: &Output| outputs.get(&output.name).is_some_and(|value| !output.is_told_by(value));
    operation.outputs.iter().any(|output| output.required && blank(output))
}

/// Says in words what a lookup came to, where the read's own words would mislead.
fn explain(fact: &mut Attempted, told: LookupVerdict) {
    let code = match told {
        LookupVerdict::TookEffect => None,
        LookupVerdict::DidNot => Some("no_effect"),
        LookupVerdict::Undecided => Some("no_answer"),
    };
    fact.code = code.map(str::to_owned);
    fact.message = Some(told.in_words().to_owned());
}

impl Brought {
    fn silent(how: AttemptEnd, code: &str, why: String) -> Self {
        Self {
            how,
            code: Some(code.to_owned()),
            message: Some(why),
            request_id: None,
            outputs: Map::new(),
            body: Value::Null,
            retry_after: None,
            remedy: None,
            redirect: None,
        }
    }

    fn came(&self) -> SendOutcome {
        match self.how {
            AttemptEnd::Answered(disposition) => SendOutcome::Answered(disposition),
            AttemptEnd::Unsent => SendOutcome::Unsent,
            AttemptEnd::Lost | AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed | AttemptEnd::NotMade => {
                SendOutcome::Lost
            }
        }
    }

    fn reading(&self) -> Reading {
        Reading {
            disposition: match self.how {
                AttemptEnd::Answered(disposition) => disposition,
                AttemptEnd::Lost
                | AttemptEnd::Unsent
                | AttemptEnd::LookedUp(_)
                | AttemptEnd::LookupFailed
                | AttemptEnd::NotMade => Disposition::Unknown,
            },
            code: self.code.clone(),
            message: self.message.clone(),
            request_id: self.request_id.clone(),
            outputs: self.outputs.clone(),
            body: self.body.clone(),
            retry_after: self.retry_after.map(RetryAfter::For),
            remedy: self.remedy.clone(),
            redirect: self.redirect.clone(),
        }
    }

    fn echo(&self, verdict: Verdict, outgoing: &Outgoing, now: Time) -> Echo {
        let throttled = matches!(self.how, AttemptEnd::Answered(Disposition::Throttled)).then_some(self.retry_after);
        let expired = matches!(self.how, AttemptEnd::Answered(Disposition::ExpiredToken));
        let quota = matches!(self.how, AttemptEnd::Answered(Disposition::QuotaExhausted));
        let moved = self.redirect.as_ref().is_some_and(|redirect| redirect.for_all);
        let stop = (moved || matches!(verdict, Verdict::Hold | Verdict::StopRun)).then(|| {
            let (code, message) = (self.code.clone().unwrap_or_default(), self.message.clone().unwrap_or_default());
            let operation = outgoing.operation.full_name().to_owned();
            if moved {
                StopReason::Redirected { code, message, operation }
            } else if quota || verdict == Verdict::Hold {
                StopReason::QuotaExhausted { code, message, until: outgoing.operation.quota_resets_at(now) }
            } else {
                let advice = self.remedy.as_ref().and_then(|remedy| refusal_advice(remedy, now));
                StopReason::Refused { code, message, operation, advice }
            }
        });
        let accepted = matches!(self.how, AttemptEnd::Answered(disposition) if disposition.is_done() || disposition == Disposition::Rejected);
        Echo {
            throttled,
            token_expired: expired && stop.is_none(),
            token_accepted: accepted,
            stop,
            left_to: None,
            asked_until: self.asks_to_wait(verdict).map(|asked| now.plus(asked)),
            trouble: self.trouble(),
        }
    }

    /// The vendor's own wait, where something waits for it.
    fn asks_to_wait(&self, verdict: Verdict) -> Option<Duration> {
        let waits = matches!(verdict, Verdict::Again | Verdict::LookUp);
        self.retry_after.filter(|asked| waits && !asked.is_zero())
    }

    /// What is worth telling the person who watches: trouble of the wire or of pace, no rejection of a row.
    fn trouble(&self) -> Option<String> {
        match self.how {
            AttemptEnd::Unsent | AttemptEnd::Lost => self.message.clone(),
            AttemptEnd::Answered(Disposition::Throttled) => Some("throttled".to_owned()),
            AttemptEnd::Answered(Disposition::Unavailable | Disposition::Unknown | Disposition::ExpiredToken) => {
                self.code.clone()
            }
            AttemptEnd::Answered(
                Disposition::Succeeded
                | Disposition::Warning
                | Disposition::Unchanged
                | Disposition::Rejected
                | Disposition::Refused
                | Disposition::QuotaExhausted,
            )
            | AttemptEnd::LookedUp(_)
            | AttemptEnd::LookupFailed
            | AttemptEnd::NotMade => None,
        }
    }

    fn into_fact(self, call: CallRef, keep_body: bool) -> Attempted {
        let body = if keep_body || body_size(&self.body) <= BODY_KEPT { self.body } else { Value::Null };
        Attempted {
            call,
            how: self.how,
            ended: None,
            look_up: false,
            read: false,
            joined: false,
            token_known_expired: false,
            code: self.code,
            message: self.message,
            request_id: self.request_id,
            outputs: Arc::new(self.outputs),
            body: Arc::new(body),
        }
    }
}

/// A lower bound of a value's size as JSON, without writing it.
fn body_size(body: &Value) -> usize {
    match body {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| body_size(item) + 1).sum::<usize>() + 2,
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + body_size(value) + 4).sum::<usize>() + 2,
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
    }
}

impl Brought {
    /// What an answer that came at `now` brought.
    fn of(reading: Reading, now: Time) -> Self {
        Self {
            how: AttemptEnd::Answered(reading.disposition),
            code: reading.code,
            message: reading.message,
            request_id: reading.request_id,
            outputs: reading.outputs,
            body: reading.body,
            retry_after: reading.retry_after.map(|asked| asked.wait_at(now)),
            remedy: reading.remedy,
            redirect: reading.redirect,
        }
    }
}
