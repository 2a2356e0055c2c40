//! The lookup of a call in doubt: the read that asks what became of it, and what its answer means.

use std::sync::Arc;

use super::attempt_result::Brought;
use super::call_result::Echo;
use super::outgoing_call::Outgoing;
use super::row_machine::{Next, RowMachine};
use super::step_context::Scene;
use super::waiting::settle;
use crate::journal::{AttemptEnd, Attempted, CallRef, CallState, Fact};
use crate::model::{Disposition, Map, Phase, StepOutcome, Time};
use crate::plan::{BoundCall, BoundStep};
use crate::policy::{LookupVerdict, SendOutcome, Verdict, decide_after_lookup};
use crate::provider::{Operation, Output, Verdict as Told};

/// Lookups of one call that bring no verdict; after that it is unknown.
const LOOKUPS: u32 = 4;

impl RowMachine {
    /// The lookup of a call in doubt.
    pub(super) fn lookup(
        &mut self,
        scene: Scene<'_>,
        bound: &BoundCall,
        made: Outgoing,
        intent_at: Time,
    ) -> Option<Next> {
        let call = made.call;
        match lookup_request(scene, bound, made, intent_at) {
            Ok(lookup) => {
                let batch = lookup.batch.filter(|_| !self.asks_alone);
                Some(Next::Send(Box::new(Outgoing { batch, ..lookup })))
            }
            Err(message) => {
                self.end_unknown(scene.now, call, "lookup", &message);
                None
            }
        }
    }

    pub(super) fn on_lookup(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        outgoing: &Outgoing,
        brought: Brought,
    ) -> Echo {
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

    pub(super) fn end_unknown(&mut self, at: Time, call: CallRef, code: &str, message: &str) {
        self.conclude(at, call, AttemptEnd::LookupFailed, StepOutcome::Unknown, code, message);
    }
}

fn lookup_request(scene: Scene<'_>, bound: &BoundCall, made: Outgoing, intent_at: Time) -> Result<Outgoing, String> {
    let lookup = bound.operation.lookup.as_ref().ok_or("the operation has no lookup")?;
    let (read, budget) = bound.lookup.as_ref().ok_or("the lookup's operation is missing")?;
    let connection = &scene.plan.connections[bound.connection];
    let with = lookup.inputs(&made.inputs, intent_at)?;
    let inputs = read
        .prepare(connection, with, scene.now)
        .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))?;
    let prepared = Arc::new(read.request(connection, &made.settings, &inputs)?);
    Ok(Outgoing {
        operation: read.clone(),
        lookup: true,
        write: false,
        repeat: made.repeat,
        budget: *budget,
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

/// Whether a read can tell what became of this very call.
pub(super) fn has_lookup(step: &BoundStep, made: &Outgoing) -> bool {
    let bound = bound(step, made.call);
    bound.lookup.is_some() && bound.operation.lookup_for(&made.inputs).is_some()
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
