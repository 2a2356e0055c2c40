//! Rows of a run that was resumed from a copy of its journal. A call that may have been sent after the copy is
//! treated as if its process had crashed after the intent: it is put in doubt before anything else is decided.

use super::row_machine::RowMachine;
use super::step_context::{StepContext, to_journal_index};
use crate::journal::{AttemptEnd, COPY_CODE, COPY_MESSAGE, CallRef, Fact, Intent};
use crate::model::{Phase, Repeat, StepOutcome};
use crate::plan::{BoundCall, BoundStep};
use crate::provider::Effect;
use crate::template::Template;

impl RowMachine {
    /// Puts a write in doubt that is not in the copy but may have been sent; `true` if it did. Reads are simply made.
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
                // The run's effect budget counts it when it is sent.
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
                // A request that differs from the one that may have been sent shows nothing about that one.
                let is_same = made.repeat == Repeat::Safe || !self.may_differ_from_copy(step, bound);
                if is_same { made.repeat } else { Repeat::Never }
            }
            // It cannot be rendered now, but it may have been sent when it could.
            Err((code, message)) => {
                self.end_call(context.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, code, &message);
                return true;
            }
        };
        self.answer_lost(context, (step, bound), call, Some(repeat), (COPY_CODE, COPY_MESSAGE));
        true
    }

    /// Ends a call as unknown if its step is skipped now but answers since the copy may have changed that; `true` if
    /// it did.
    pub(super) fn doubt_skipped_step(&mut self, context: StepContext<'_>, step: &BoundStep, call: CallRef) -> bool {
        let by = step.when.iter().chain(&step.for_each).map(|(template, _)| template);
        let write = step.call.operation.effect == Effect::Write;
        if !write || !self.state.may_have_been_sent(call) || !by.into_iter().any(|one| self.names_new_answers(one)) {
            return false;
        }
        self.end_call(context.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
        true
    }

    /// Ends the next write step of a row that is about to be rolled back as unknown, if it may have been sent after
    /// the copy; `true` if a step ended. If a person has settled the call, its step ends with that outcome instead.
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
                self.end_call(context.now, call, AttemptEnd::NotMade, StepOutcome::Unknown, COPY_CODE, COPY_MESSAGE);
                StepOutcome::Unknown
            }
        };
        self.end_step(context.now, place, outcome, None, None);
        true
    }

    /// Whether the call may differ from the one that was perhaps sent, because its templates use answers that came
    /// after the copy.
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
