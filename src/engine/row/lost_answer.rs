//! Calls of which no answer will come: the process ended in between.

use super::attempt_result::Brought;
use super::lookup::has_lookup;
use super::row_machine::RowMachine;
use super::step_context::Scene;
use super::waiting::settle;
use crate::journal::{AttemptEnd, CallRef, Fact};
use crate::model::{Repeat, StepOutcome};
use crate::plan::{BoundCall, BoundStep};
use crate::policy::{SendOutcome, Verdict, decide};
use crate::provider::Effect;

impl RowMachine {
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
}
