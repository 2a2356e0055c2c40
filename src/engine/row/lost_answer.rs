//! Calls whose answer will not come, because the process ended before it arrived.

use super::attempt_result::AttemptResult;
use super::lookup::has_lookup;
use super::row_machine::RowMachine;
use super::step_context::StepContext;
use super::waiting::lookup_delay;
use crate::journal::{AttemptEnd, CallRef, Fact};
use crate::model::{Repeat, StepOutcome};
use crate::plan::{BoundCall, BoundStep};
use crate::policy::{SendOutcome, Verdict, decide};
use crate::provider::Effect;

impl RowMachine {
    /// Ends the attempt of a call whose intent was written by a process that ended before the answer came.
    pub(super) fn lost_in_crash(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) {
        let why = ("interrupted", "runsheet was stopped before the answer came");
        self.answer_lost(context, (step, bound), call, None, why);
    }

    /// Ends an attempt whose answer will not come. `repeat` overrides what may follow a lost answer; `None` uses the
    /// rule for the call's inputs.
    pub(super) fn answer_lost(
        &mut self,
        context: StepContext<'_>,
        (step, bound): (&BoundStep, &BoundCall),
        call: CallRef,
        repeat: Option<Repeat>,
        (code, why): (&str, &str),
    ) {
        let write = bound.operation.effect == Effect::Write;
        let then = self.state.call(call).and_then(|known| known.first_at).unwrap_or(context.now);
        let (own, lookup) = match self.render_call(StepContext { now: then, ..context }, step, bound, call) {
            Ok(made) => (made.repeat, has_lookup(step, &made)),
            Err(_) => (Repeat::Never, false),
        };
        let circumstances = self.circumstances(step, write, repeat.unwrap_or(own), call, lookup);
        let verdict = decide(SendOutcome::Lost, &circumstances);
        let mut fact = AttemptResult::silent(AttemptEnd::Lost, code, why.to_owned()).into_fact(call, false);
        fact.look_up = verdict == Verdict::LookUp;
        fact.outcome = match verdict {
            Verdict::Unknown => Some(StepOutcome::Unknown),
            Verdict::Failed => Some(StepOutcome::Failed),
            Verdict::Done(_) | Verdict::Again | Verdict::Renew | Verdict::LookUp | Verdict::StopRun | Verdict::Hold => {
                None
            }
        };
        self.record(context.now, Fact::Attempted(fact));
        self.wait_until = match verdict {
            Verdict::LookUp => Some(context.now.plus(lookup_delay(&bound.operation.lookup))),
            Verdict::Done(_)
            | Verdict::Failed
            | Verdict::Unknown
            | Verdict::Again
            | Verdict::Renew
            | Verdict::StopRun
            | Verdict::Hold => None,
        };
    }
}
