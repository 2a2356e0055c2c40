//! A row whose run went on from a copy: a call that may have been sent after it is put in doubt as a crash would have left
//! it, before anything is decided of it.

use super::row_machine::RowMachine;
use super::step_context::{Scene, number};
use crate::journal::{AttemptEnd, COPY_CODE, COPY_MESSAGE, CallRef, Fact, Intent};
use crate::model::{Phase, Repeat, StepOutcome};
use crate::plan::{BoundCall, BoundStep};
use crate::provider::Effect;
use crate::template::Template;

impl RowMachine {
    /// Puts a call in doubt that the copy does not show; whether it did. A read is simply made.
    pub(super) fn doubt_what_a_copy_lacks(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) -> bool {
        if !self.state.may_have_been_sent(call) || bound.operation.effect == Effect::Read {
            return false;
        }
        let repeat = match self.render_call(scene, step, bound, call) {
            Ok(made) if !made.write => return false,
            Ok(made) => {
                // What it counts as in the run's budget is counted when it is sent.
                let intent = Intent {
                    call,
                    attempt: 1,
                    hash: made.hash.clone().unwrap_or_else(|| made.prepared.hash()),
                    element: made.element,
                    natural_key: made.natural_key,
                    counts: Vec::new(),
                    effect: made.effect,
                };
                self.record(scene.now, Fact::Intent(intent));
                // Another request than the one that may have been sent tells nothing of that one.
                let is_same = made.repeat == Repeat::Safe || !self.may_be_another(step, bound);
                if is_same { made.repeat } else { Repeat::Never }
            }
            // It may have been made while it still could be.
            Err((code, message)) => {
                self.conclude(scene.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, code, &message);
                return true;
            }
        };
        self.lost(scene, (step, bound), call, Some(repeat), (COPY_CODE, COPY_MESSAGE));
        true
    }

    /// Leaves a step unknown that is left out now and may not have been after the copy; whether it did.
    pub(super) fn doubt_what_is_left_out(&mut self, scene: Scene<'_>, step: &BoundStep, call: CallRef) -> bool {
        let by = step.when.iter().chain(&step.for_each).map(|(template, _)| template);
        let write = step.call.operation.effect == Effect::Write;
        if !write || !self.state.may_have_been_sent(call) || !by.into_iter().any(|one| self.waited(one)) {
            return false;
        }
        self.conclude(scene.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
        true
    }

    /// Leaves the next step of a row that is about to be taken back unknown, where it may have been made after the copy;
    /// whether a step ended by that. What a person has said of one ends it.
    pub(super) fn doubt_what_would_have_followed(&mut self, scene: Scene<'_>) -> bool {
        if self.state.copied.is_none() || self.state.rolling_back || scene.shape.undoing.is_some() {
            return false;
        }
        let ended = |place: usize| self.state.steps.get(place).is_some_and(|step| step.ended.is_some());
        let next = scene.shape.steps.iter().enumerate().find(|(place, about)| about.write && !ended(*place));
        let Some((place, _)) = next else { return false };
        let call = CallRef { step: number(place), item: 0, phase: Phase::Do };
        let known = self.state.call(call).and_then(|known| known.ended.as_ref()).map(|ended| ended.outcome);
        let outcome = match known {
            Some(StepOutcome::Failed) => StepOutcome::Skipped,
            Some(outcome) => outcome,
            None => {
                self.conclude(scene.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
                StepOutcome::Unknown
            }
        };
        self.end_step(scene.now, place, outcome, None, None);
        true
    }

    /// Whether a call would now be another than it may have been: it names answers that have come since.
    fn may_be_another(&self, step: &BoundStep, bound: &BoundCall) -> bool {
        let mut waited = bound.undoes.is_some() && self.has_new_answers();
        bound.with.each_template(&mut |template| waited |= self.waited(template));
        waited || step.for_each.as_ref().is_some_and(|(each, _)| self.waited(each))
    }

    fn waited(&self, template: &Template) -> bool {
        let names_steps = template.names().iter().any(|name| name.path.first().is_some_and(|root| root == "steps"));
        names_steps && self.has_new_answers()
    }

    fn has_new_answers(&self) -> bool {
        self.state.copied.is_some_and(|copied| copied.answered)
    }
}
