//! One step of a row: its condition, its elements, its calls one after another, its outcome, and what later steps see
//! of it.

use sha2::{Digest, Sha256};

use super::row_machine::{NextMove, RowMachine};
use super::step_context::{StepContext, to_journal_index};
use crate::journal::{CallEnded, CallRef, CallState, Fact, StepEnded};
use crate::model::{Map, Phase, StepOutcome, Time, Value, hex, is_truthy};
use crate::plan::BoundStep;
use crate::template::Template;

impl RowMachine {
    pub(super) fn step(&mut self, context: StepContext<'_>, place: usize, step: &BoundStep) -> Option<NextMove> {
        let started = self.state.steps.get(place).is_some_and(|state| !state.calls.is_empty());
        if !started {
            match self.when_holds(context, step) {
                Ok(true) => {}
                Ok(false) => {
                    self.skip_step(context, place, step);
                    return None;
                }
                Err(message) => {
                    self.end_step(context.now, place, StepOutcome::Failed, Some("template"), Some(message));
                    return None;
                }
            }
        }
        let count = match self.load_items(context, place, step) {
            Ok(count) => count,
            Err(message) => {
                self.end_step(context.now, place, StepOutcome::Failed, Some("template"), Some(message));
                return None;
            }
        };
        if count == 0 {
            self.skip_step(context, place, step);
            return None;
        }
        for item in 0..count {
            let call = CallRef { step: to_journal_index(place), item: to_journal_index(item), phase: Phase::Do };
            match self.state.call(call).and_then(|call| call.ended.as_ref()).map(|ended| ended.outcome) {
                Some(StepOutcome::Failed | StepOutcome::Unknown) => break,
                Some(StepOutcome::Succeeded | StepOutcome::Warning | StepOutcome::Unchanged | StepOutcome::Skipped) => {
                }
                None => return self.call(context, step, call),
            }
        }
        self.end_step_by_calls(context, place, step, count);
        None
    }

    /// Ends a step that is not run: as skipped, or as unknown if it may have run after the journal was copied.
    fn skip_step(&mut self, context: StepContext<'_>, place: usize, step: &BoundStep) {
        let first = CallRef { step: to_journal_index(place), item: 0, phase: Phase::Do };
        let outcome =
            if self.doubt_skipped_step(context, step, first) { StepOutcome::Unknown } else { StepOutcome::Skipped };
        self.end_step(context.now, place, outcome, None, None);
    }

    /// Whether the step's `when` holds; true without one.
    ///
    /// # Errors
    /// A message, if it cannot be evaluated.
    pub(in crate::engine) fn when_holds(&self, context: StepContext<'_>, step: &BoundStep) -> Result<bool, String> {
        step.when.as_ref().map_or(Ok(true), |(when, _)| self.holds(context, when))
    }

    pub(super) fn holds(&self, context: StepContext<'_>, template: &Template) -> Result<bool, String> {
        template
            .render(&context.plan.templates, &self.scope)
            .map(|value| is_truthy(&value))
            .map_err(|error| error.message)
    }

    /// Renders the step's elements, unless they are known, and returns their number; one without `for_each`.
    ///
    /// # Errors
    /// A message, if the template fails or its value is not a list.
    pub(in crate::engine) fn load_items(
        &mut self,
        context: StepContext<'_>,
        place: usize,
        step: &BoundStep,
    ) -> Result<usize, String> {
        if let Some((of, items)) = &self.items
            && *of == place
        {
            return Ok(items.len());
        }
        let items = match &step.for_each {
            None => vec![Value::Null],
            Some((each, _)) => {
                match each.render(&context.plan.templates, &self.scope).map_err(|error| error.message)? {
                    Value::Array(items) => items,
                    Value::Null => Vec::new(),
                    Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                        return Err("`for_each` needs a list".to_owned());
                    }
                }
            }
        };
        let count = items.len();
        self.items = Some((place, items));
        Ok(count)
    }

    /// Sets `item` and the seed of `uuid` for a call.
    ///
    /// # Errors
    /// As for [`RowMachine::load_items`].
    pub(super) fn enter_call(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        call: CallRef,
    ) -> Result<(), String> {
        let place = call.step as usize;
        self.load_items(context, place, step)?;
        if step.for_each.is_some()
            && let Some((_, items)) = &self.items
        {
            let item = items.get(call.item as usize).cloned().unwrap_or_default();
            self.scope.set("item", item);
        }
        self.scope.set_identity(format!("{}\u{0}{}\u{0}{}", self.identity, step.id, call.item));
        Ok(())
    }

    /// Ends a step whose elements are all done, or one of which has failed or is unknown.
    fn end_step_by_calls(&mut self, context: StepContext<'_>, place: usize, step: &BoundStep, count: usize) {
        let calls = &self.state.steps[place].calls;
        let mut outcomes = calls.iter().filter_map(|call| call.ended.as_ref().map(|ended| ended.outcome));
        let outcome = outcomes.clone().fold(StepOutcome::Unchanged, worse);
        debug_assert!(outcomes.clone().count() == count || outcomes.any(|one| worse(one, StepOutcome::Failed) == one));
        if outcome.is_trouble() {
            self.end_step(context.now, place, outcome, None, None);
            return;
        }
        if !step.expect.is_empty() {
            self.publish_step(place, step, Some(outcome));
        }
        for (expect, _) in &step.expect {
            let problem = match self.holds(context, expect) {
                Ok(true) => continue,
                Ok(false) => format!("`expect` does not hold: {}", expect.text()),
                Err(message) => format!("`expect` could not be evaluated: {message}"),
            };
            self.end_step(context.now, place, StepOutcome::Failed, Some("expectation"), Some(problem));
            return;
        }
        self.end_step(context.now, place, outcome, None, None);
    }

    pub(super) fn end_step(
        &mut self,
        at: Time,
        place: usize,
        outcome: StepOutcome,
        code: Option<&str>,
        message: Option<String>,
    ) {
        let code = code.map(str::to_owned);
        self.items = None;
        self.record(at, Fact::StepEnded(StepEnded { step: to_journal_index(place), outcome, code, message }));
    }

    /// Makes the steps that have ended since the last call visible to templates.
    pub(super) fn publish_ended_steps(&mut self, steps: &[BoundStep]) {
        while let Some(step) = steps.get(self.published_steps) {
            let Some(ended) = self.state.steps.get(self.published_steps).and_then(|state| state.ended.as_ref()) else {
                return;
            };
            let outcome = ended.outcome;
            self.scope.remove("item");
            self.publish_step(self.published_steps, step, Some(outcome));
            self.published_steps += 1;
        }
    }

    /// Sets `steps.ID` from the step's calls that have ended.
    pub(super) fn publish_step(&mut self, place: usize, step: &BoundStep, outcome: Option<StepOutcome>) {
        let calls = self.state.steps.get(place).map(|state| state.calls.as_slice()).unwrap_or_default();
        let value = step_value(calls, outcome, step);
        self.scope.set_path(&["steps", &step.id], value);
    }

    /// Makes every step with a known call visible to templates.
    pub(in crate::engine) fn publish_all_steps(&mut self, steps: &[BoundStep]) {
        for (place, step) in steps.iter().enumerate() {
            let Some(state) = self.state.steps.get(place) else { return };
            let outcome = state.ended.as_ref().map(|ended| ended.outcome);
            self.publish_step(place, step, outcome);
        }
    }

    /// The identities of a step's elements, in order; a single `None` without `for_each`.
    ///
    /// # Errors
    /// As for [`RowMachine::load_items`].
    pub(in crate::engine) fn elements(
        &mut self,
        context: StepContext<'_>,
        place: usize,
        step: &BoundStep,
    ) -> Result<Vec<Option<String>>, String> {
        let count = self.load_items(context, place, step)?;
        let step_number = to_journal_index(place);
        let call = |item| CallRef { step: step_number, item: to_journal_index(item), phase: Phase::Do };
        Ok((0..count).map(|item| self.element(step, call(item))).collect())
    }

    /// The identity of a call's element: a hash of its value, with a number if equal elements precede it. `None`
    /// without `for_each`.
    pub(in crate::engine) fn element(&self, step: &BoundStep, call: CallRef) -> Option<String> {
        step.for_each.as_ref()?;
        let (_, items) = self.items.as_ref()?;
        let place = call.item as usize;
        let item = items.get(place)?;
        let earlier = items[..place].iter().filter(|other| *other == item).count();
        let digest = Sha256::digest(item.to_string().as_bytes());
        let hex = hex(&digest[..8]);
        Some(if earlier == 0 { hex } else { format!("{hex}.{earlier}") })
    }
}

/// The worse of two elements' outcomes, which is the step's.
fn worse(one: StepOutcome, other: StepOutcome) -> StepOutcome {
    let rank = |outcome| match outcome {
        StepOutcome::Skipped => 0,
        StepOutcome::Unchanged => 1,
        StepOutcome::Succeeded => 2,
        StepOutcome::Warning => 3,
        StepOutcome::Failed => 4,
        StepOutcome::Unknown => 5,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// `steps.ID` as templates see it: `outputs`, `body`, `outcome`, `items`. `body` is null if no template uses it.
fn step_value(calls: &[CallState], outcome: Option<StepOutcome>, step: &BoundStep) -> Value {
    let part = |ended: Option<&CallEnded>, outcome: Option<StepOutcome>| {
        let done = ended.filter(|ended| !ended.outcome.is_trouble());
        let body = done.filter(|_| step.body_used).map_or(Value::Null, |ended| (*ended.body).clone());
        let mut map = Map::with_capacity(4);
        map.insert("outputs".into(), done.map_or(Value::Null, |ended| Value::Object((*ended.outputs).clone())));
        map.insert("body".into(), body);
        map.insert("outcome".into(), outcome.map_or(Value::Null, |outcome| outcome.as_str().into()));
        map
    };
    let ended = |call: &CallState| Value::Object(part(call.ended.as_ref(), call.ended.as_ref().map(|one| one.outcome)));
    let mut map = part(calls.last().and_then(|call| call.ended.as_ref()), outcome);
    let items = step.for_each.is_some().then(|| Value::Array(calls.iter().map(ended).collect()));
    map.insert("items".into(), items.unwrap_or_default());
    Value::Object(map)
}
