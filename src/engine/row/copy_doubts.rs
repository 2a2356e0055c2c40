//! A row whose run went on from a copy: a call that may have been sent after it is put in doubt as a crash would have left
//! it, before anything is decided of it.

use super::row_machine::RowMachine;
use super::step_context::{StepContext, to_journal_index};
use crate::journal::{COPY_CODE, COPY_MESSAGE, CallRef, Fact, How, Intent};
use crate::model::{Phase, Repeat, StepOutcome};
use crate::plan::{BoundCall, BoundStep};
use crate::provider::Effect;
use crate::template::Template;

impl RowMachine {
    /// Puts a call in doubt that the copy does not show; whether it did. A read is simply made.
    pub(super) fn doubt_call_after_copy(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) -> bool {
        if !self.state.may_have_been_sent(call) || bound.operation.effect == Effect::Read {
            return false;
        }
        let repeat = match self.render_call(context, step, bound, call) {
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
                self.record(context.now, Fact::Intent(intent));
                // Another request than the one that may have been sent tells nothing of that one.
                let is_same = made.repeat == Repeat::Safe || !self.may_differ_from_copy(step, bound);
                if is_same { made.repeat } else { Repeat::Never }
            }
            // It may have been made while it still could be.
            Err((code, message)) => {
                self.end_call(context.now, call, How::NotMade, StepOutcome::Unknown, code, &message);
                return true;
            }
        };
        self.answer_lost(context, (step, bound), call, Some(repeat), (COPY_CODE, COPY_MESSAGE));
        true
    }

    /// Leaves a step unknown that is left out now and may not have been after the copy; whether it did.
    pub(super) fn doubt_skipped_step(&mut self, context: StepContext<'_>, step: &BoundStep, call: CallRef) -> bool {
        let by = step.when.iter().chain(&step.for_each).map(|(template, _)| template);
        let write = step.call.operation.effect == Effect::Write;
        if !write || !self.state.may_have_been_sent(call) || !by.into_iter().any(|one| self.names_new_answers(one)) {
            return false;
        }
        self.end_call(context.now, call, How::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
        true
    }

    /// Leaves the next step of a row that is about to be taken back unknown, where it may have been made after the copy;
    /// whether a step ended by that. What a person has said of one ends it.
    pub(super) fn doubt_next_step(&mut self, context: StepContext<'_>) -> bool {
        if self.state.copied.is_none() || self.state.rolling_back || context.shape.undoing.is_some() {
            return false;
        }
        let ended = |place: usize| self.state.steps.get(place).is_some_and(|step| step.ended.is_some());
        let next = context.shape.steps.iter().enumerate().find(|(place, about)| about.write && !ended(*place));
        let Some((place, _)) = next else { return false };
        let call = CallRef { step: to_journal_index(place), item: 0, phase: Phase::Do };
        let known = self.state.call(call).and_then(|known| known.ended.as_ref()).map(|ended| ended.outcome);
        let outcome = match known {
            Some(StepOutcome::Failed) => StepOutcome::Skipped,
            Some(outcome) => outcome,
            None => {
                self.end_call(context.now, call, How::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
                StepOutcome::Unknown
            }
        };
        self.end_step(context.now, place, outcome, None, None);
        true
    }

    /// Whether a call would now be another than it may have been: it names answers that have come since.
    fn may_differ_from_copy(&self, step: &BoundStep, bound: &BoundCall) -> bool {
        let mut waited = bound.undoes.is_some() && self.has_new_answers();
        bound.with.each_template(&mut |template| waited |= self.names_new_answers(template));
        waited || step.for_each.as_ref().is_some_and(|(each, _)| self.names_new_answers(each))
    }

    fn names_new_answers(&self, template: &Template) -> bool {
        let names_steps = template.names().iter().any(|name| name.path.first().is_some_and(|root| root == "steps"));
        names_steps && self.has_new_answers()
    }

    fn has_new_answers(&self) -> bool {
        self.state.copied.is_some_and(|copied| copied.answered)
    }
}
