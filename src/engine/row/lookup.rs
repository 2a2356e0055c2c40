//! The lookup of a call in doubt: the read that shows whether it took effect, and the meaning of its answer.

use std::sync::Arc;

use super::attempt_result::AttemptResult;
use super::call_result::AnswerEffects;
use super::outgoing_call::OutgoingCall;
use super::row_machine::{NextMove, RowMachine};
use super::step_context::StepContext;
use super::waiting::lookup_delay;
use crate::journal::{AttemptEnd, Attempted, CallRef, CallState, Fact};
use crate::model::{Disposition, Map, Phase, StepOutcome, Time};
use crate::plan::{BoundCall, BoundStep};
use crate::policy::{LookupVerdict, SendOutcome, Verdict, decide_after_lookup};
use crate::provider::{LookupResult, Operation, Output};

/// The most lookups of a call that may end without a verdict. After the last one, the call is unknown.
const MAX_LOOKUPS: u32 = 4;

impl RowMachine {
    /// The lookup to send for a call in doubt; `None` if it cannot be made, which ends the call as unknown.
    pub(super) fn lookup(
        &mut self,
        context: StepContext<'_>,
        bound: &BoundCall,
        made: OutgoingCall,
        intent_at: Time,
    ) -> Option<NextMove> {
        let call = made.call;
        match lookup_request(context, bound, made, intent_at) {
            Ok(lookup) => {
                let batch = lookup.batch.filter(|_| !self.looks_up_alone);
                Some(NextMove::Send(Box::new(OutgoingCall { batch, ..lookup })))
            }
            Err(message) => {
                self.end_unknown(context.now, call, "lookup", &message);
                None
            }
        }
    }

    pub(super) fn on_lookup(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        outgoing: &OutgoingCall,
        result: AttemptResult,
    ) -> AnswerEffects {
        let call = outgoing.call;
        let refused =
            matches!(result.send_outcome(), SendOutcome::Answered(Disposition::Refused | Disposition::QuotaExhausted));
        let effects = result.effects(if refused { Verdict::StopRun } else { Verdict::Again }, outgoing, context.now);
        let retry_after = result.retry_after;
        self.looks_up_alone = result.end == AttemptEnd::Answered(Disposition::Rejected);
        let known = self.state.call(call).cloned().unwrap_or_default();
        let done = matches!(result.end, AttemptEnd::Answered(disposition) if disposition.is_done());
        let found = done.then(|| self.lookup_verdict(step, outgoing, &known, &result));
        let mut fact =
            Attempted { outputs: Arc::default(), joined: self.signals.joined, ..result.into_fact(call, false) };
        let last = known.lookups + 1 >= MAX_LOOKUPS;
        match found {
            Some((lookup_verdict, outputs)) if lookup_verdict != LookupVerdict::Undecided || last => {
                let circumstances = self.circumstances(step, true, outgoing.repeat, call, true);
                let verdict = decide_after_lookup(lookup_verdict, &circumstances);
                fact.end = AttemptEnd::LookedUp(lookup_verdict);
                fact.outcome = match verdict {
                    Verdict::Done(outcome) => Some(outcome),
                    Verdict::Again => None,
                    Verdict::Failed => Some(StepOutcome::Failed),
                    Verdict::Unknown | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => {
                        Some(StepOutcome::Unknown)
                    }
                };
                fact.outputs = Arc::new(outputs);
                explain(&mut fact, lookup_verdict);
            }
            _ => {
                fact.end = AttemptEnd::LookupFailed;
                fact.look_up = !last;
                fact.outcome = last.then_some(StepOutcome::Unknown);
            }
        }
        self.record(context.now, Fact::Attempted(fact));
        let delay = lookup_delay(&bound(step, call).operation.lookup);
        let wait = delay.max(self.back_off(context, step, call, retry_after));
        self.wait_until = self.is_open(call).then(|| context.now.plus(wait));
        effects
    }

    /// The verdict from a lookup's answer, with the outputs that the lookup found.
    fn lookup_verdict(
        &self,
        step: &BoundStep,
        outgoing: &OutgoingCall,
        known: &CallState,
        result: &AttemptResult,
    ) -> (LookupVerdict, Map) {
        let Some(lookup) = &bound(step, outgoing.call).operation.lookup else {
            return (LookupVerdict::Undecided, Map::new());
        };
        let intent_at = known.first_at.unwrap_or_default();
        match lookup.verdict(&outgoing.call_inputs, intent_at, &result.reading()) {
            LookupResult::TookEffect(outputs) if lacks_a_required(&bound(step, outgoing.call).operation, &outputs) => {
                (LookupVerdict::Undecided, Map::new())
            }
            LookupResult::TookEffect(outputs) => (LookupVerdict::TookEffect, outputs),
            LookupResult::DidNot if lookup.conclusive => (LookupVerdict::DidNot, Map::new()),
            LookupResult::DidNot | LookupResult::Undecided => (LookupVerdict::Undecided, Map::new()),
        }
    }

    pub(super) fn end_unknown(&mut self, at: Time, call: CallRef, code: &str, message: &str) {
        self.end_call(at, call, AttemptEnd::LookupFailed, StepOutcome::Unknown, code, message);
    }
}

/// The request of a call's lookup.
///
/// # Errors
/// A message, if it cannot be made.
pub(in crate::engine) fn lookup_request(
    context: StepContext<'_>,
    bound: &BoundCall,
    made: OutgoingCall,
    intent_at: Time,
) -> Result<OutgoingCall, String> {
    let lookup = bound.operation.lookup.as_ref().ok_or("the operation has no lookup")?;
    let (read, bucket) = bound.lookup.as_ref().ok_or("the lookup's operation is missing")?;
    let connection = &context.plan.connections[bound.connection];
    let with = lookup.inputs(&made.inputs, intent_at)?;
    let inputs = read
        .prepare(connection, with, context.now)
        .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))?;
    let prepared = Arc::new(read.request(connection, &made.settings, &inputs)?);
    Ok(OutgoingCall {
        operation: read.clone(),
        lookup: true,
        write: false,
        repeat: made.repeat,
        bucket: *bucket,
        call_inputs: made.inputs,
        inputs,
        prepared,
        hash: None,
        deadlines: Vec::new(),
        counts: Vec::new(),
        effect: None,
        batch: lookup.batch.clone(),
        ..made
    })
}

pub(super) fn bound(step: &BoundStep, call: CallRef) -> &BoundCall {
    match (call.phase, &step.rollback) {
        (Phase::Rollback, Some(rollback)) => rollback,
        (Phase::Do, _) | (Phase::Rollback, None) => &step.call,
    }
}

/// Whether a lookup can show what happened to a call with these inputs.
pub(super) fn has_lookup(step: &BoundStep, made: &OutgoingCall) -> bool {
    let bound = bound(step, made.call);
    bound.lookup.is_some() && bound.operation.lookup_for(&made.inputs).is_some()
}

/// Whether a lookup found the effect but not a required output, without which later steps cannot work.
fn lacks_a_required(operation: &Operation, outputs: &Map) -> bool {
    let blank = |output: &Output| outputs.get(&output.name).is_some_and(|value| !output.is_answered_by(value));
    operation.outputs.iter().any(|output| output.required && blank(output))
}

/// Replaces the code and message of the lookup's answer, which would mislead, by the lookup's verdict.
fn explain(fact: &mut Attempted, verdict: LookupVerdict) {
    let code = match verdict {
        LookupVerdict::TookEffect => None,
        LookupVerdict::DidNot => Some("no_effect"),
        LookupVerdict::Undecided => Some("no_answer"),
    };
    fact.code = code.map(str::to_owned);
    fact.message = Some(verdict.in_words().to_owned());
}
