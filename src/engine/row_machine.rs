//! One row's machine: from what is known of it to the next thing to do. Live and after a crash it is the
//! same function of the same facts.

use std::sync::Arc;

use super::outgoing::Outgoing;
use super::surroundings::Surroundings;
use super::undoing::is_about;
use crate::journal::{CallRef, CallState, Fact, RowState, ScopeShape, StepEnded};
use crate::model::{Map, Phase, StepOutcome, StepScope as Whose, Time, Value, is_truthy};
use crate::plan::{BoundList, BoundStep, Plan};
use crate::playbook::OnFailure;
use crate::policy::SeededRng;
use crate::template::{Scope, Template};

/// What a machine needs besides its row.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The shape of the machine's list.
    pub shape: &'a ScopeShape,
    /// The run's dice.
    pub dice: SeededRng,
    /// The instant it is.
    pub now: Time,
}

/// The next thing to do for a row.
#[derive(Debug)]
pub enum Next {
    /// Send this.
    Send(Box<Outgoing>),
    /// Nothing before then.
    Wait(Time),
    /// The row has ended.
    Ended,
}

/// One row's machine.
pub struct RowMachine {
    pub(super) whose: Whose,
    pub(super) list: BoundList,
    pub(super) key: String,
    pub(super) state: RowState,
    pub(super) scope: Scope,
    /// Facts made and not yet written.
    pub(super) facts: Vec<Fact>,
    /// The elements of the current step's `for_each`, once rendered.
    pub(super) items: Option<(usize, Vec<Value>)>,
    /// Not before then: the back-off of the last attempt.
    pub(super) wait_until: Option<Time>,
    /// Whether the vendor said how long to wait.
    pub(super) told_to_wait: bool,
    /// How the rest of the run stood when the last answer came.
    pub(super) around: Surroundings,
    /// Whether the answer that is being taken in is another row's too, which counts it.
    pub(super) joined: bool,
    /// Whether the vendor refused its last lookup, which would spoil others asked with it.
    pub(super) asks_alone: bool,
    /// How many steps the template scope knows.
    known_steps: usize,
    /// The run's identity, for `uuid`.
    identity: String,
}

impl RowMachine {
    /// A machine of a row, or of the run's own steps, with what its journal says of it. `base` holds the names that
    /// all rows share: `vars`, `run`, and the steps that ran ahead of them.
    #[must_use]
    pub fn new(base: &Arc<Scope>, whose: Whose, key: &str, cells: Option<Map>, facts: &[(Time, Fact)]) -> Self {
        let list = BoundList::of(whose);
        let mut scope = Scope::over(base.clone());
        if let Some(cells) = cells {
            scope.set("row", Value::Object(cells));
        }
        let run = base.identity();
        let scope_name = match whose {
            Whose::Row(_) => key,
            Whose::Before | Whose::After | Whose::Run => list.as_str(),
        };
        let identity = format!("{run}\u{0}{scope_name}");
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let (facts, items, wait_until, known_steps, around) = (Vec::new(), None, None, 0, Surroundings::default());
        Self {
            whose,
            list,
            key: key.to_owned(),
            state,
            scope,
            facts,
            items,
            wait_until,
            told_to_wait: false,
            around,
            joined: false,
            asks_alone: false,
            known_steps,
            identity,
        }
    }

    /// The row's state.
    #[must_use]
    pub fn state(&self) -> &RowState {
        &self.state
    }

    /// What its steps brought, for later lists: `steps.ID` by id.
    #[must_use]
    pub fn known_steps(&self) -> Map {
        self.scope.get(&["steps"]).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Sets a name of the templates, such as `run`.
    pub fn set(&mut self, name: &str, value: Value) {
        self.scope.set(name, value);
    }

    /// Facts made since they were last taken, to be written in one entry.
    pub fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// Whether facts wait to be written.
    #[must_use]
    pub fn has_facts(&self) -> bool {
        !self.facts.is_empty()
    }

    pub(super) fn record(&mut self, at: Time, fact: Fact) {
        self.state.apply(at, &fact);
        self.facts.push(fact);
    }

    /// What is to be done now. Never to be asked while a call of the row is under way.
    pub fn next(&mut self, scene: Scene<'_>) -> Next {
        loop {
            self.learn_ended_steps(scene.plan.list(self.list));
            if self.state.ended.is_some() || self.state.continued_in.is_some() {
                return Next::Ended;
            }
            if let Some(next) = self.advance(scene) {
                return next;
            }
        }
    }

    /// One move: something to do, or none where only a fact was added.
    fn advance(&mut self, scene: Scene<'_>) -> Option<Next> {
        let steps = scene.plan.list(self.list);
        if self.state.steps.iter().any(|step| ended_as(step.ended.as_ref(), StepOutcome::Unknown)) {
            self.end(scene);
            return None;
        }
        if scene.shape.undoing.is_some() || self.must_stop(steps) {
            if self.doubt_what_would_have_followed(scene) {
                return None;
            }
            return self.roll_back(scene, steps);
        }
        let place = self.known_steps;
        match steps.get(place) {
            Some(step) => self.step(scene, place, step),
            None => {
                self.end(scene);
                None
            }
        }
    }

    /// Whether a step has failed that ends the row.
    fn must_stop(&self, steps: &[BoundStep]) -> bool {
        self.state.rolling_back
            || self.state.steps.iter().zip(steps).any(|(state, step)| {
                ended_as(state.ended.as_ref(), StepOutcome::Failed) && step.on_failure != OnFailure::Continue
            })
    }

    fn step(&mut self, scene: Scene<'_>, place: usize, step: &BoundStep) -> Option<Next> {
        let started = self.state.steps.get(place).is_some_and(|state| !state.calls.is_empty());
        if !started {
            match self.is_wanted(scene, step) {
                Ok(true) => {}
                Ok(false) => {
                    self.leave_out(scene, place, step);
                    return None;
                }
                Err(message) => {
                    self.end_step(scene.now, place, StepOutcome::Failed, Some("template"), Some(message));
                    return None;
                }
            }
        }
        let count = match self.load_items(scene, place, step) {
            Ok(count) => count,
            Err(message) => {
                self.end_step(scene.now, place, StepOutcome::Failed, Some("template"), Some(message));
                return None;
            }
        };
        if count == 0 {
            self.leave_out(scene, place, step);
            return None;
        }
        for item in 0..count {
            let call = CallRef { step: number(place), item: number(item), phase: Phase::Do };
            match self.state.call(call).and_then(|call| call.ended.as_ref()).map(|ended| ended.outcome) {
                Some(StepOutcome::Failed | StepOutcome::Unknown) => break,
                Some(StepOutcome::Succeeded | StepOutcome::Warning | StepOutcome::Unchanged | StepOutcome::Skipped) => {
                }
                None => return self.call(scene, step, call),
            }
        }
        self.conclude_step(scene, place, step, count);
        None
    }

    /// A step that is not wanted ends, unless it may have been wanted before.
    fn leave_out(&mut self, scene: Scene<'_>, place: usize, step: &BoundStep) {
        let first = CallRef { step: number(place), item: 0, phase: Phase::Do };
        let outcome =
            if self.doubt_what_is_left_out(scene, step, first) { StepOutcome::Unknown } else { StepOutcome::Skipped };
        self.end_step(scene.now, place, outcome, None, None);
    }

    fn is_wanted(&self, scene: Scene<'_>, step: &BoundStep) -> Result<bool, String> {
        step.when.as_ref().map_or(Ok(true), |(when, _)| self.holds(scene, when))
    }

    pub(super) fn holds(&self, scene: Scene<'_>, template: &Template) -> Result<bool, String> {
        template
            .render(&scene.plan.templates, &self.scope)
            .map(|value| is_truthy(&value))
            .map_err(|error| error.message)
    }

    /// Renders the step's elements once; how many there are.
    pub(super) fn load_items(&mut self, scene: Scene<'_>, place: usize, step: &BoundStep) -> Result<usize, String> {
        if let Some((of, items)) = &self.items
            && *of == place
        {
            return Ok(items.len());
        }
        let items = match &step.for_each {
            None => vec![Value::Null],
            Some((each, _)) => match each.render(&scene.plan.templates, &self.scope).map_err(|error| error.message)? {
                Value::Array(items) => items,
                Value::Null => Vec::new(),
                Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                    return Err("`for_each` wants a list".to_owned());
                }
            },
        };
        let count = items.len();
        self.items = Some((place, items));
        Ok(count)
    }

    /// Puts the element and the identity of a call into the scope.
    pub(super) fn enter(&mut self, scene: Scene<'_>, step: &BoundStep, call: CallRef) -> Result<(), String> {
        let place = call.step as usize;
        self.load_items(scene, place, step)?;
        if step.for_each.is_some()
            && let Some((_, items)) = &self.items
        {
            let item = items.get(call.item as usize).cloned().unwrap_or_default();
            self.scope.set("item", item);
        }
        self.scope.set_identity(format!("{}\u{0}{}\u{0}{}", self.identity, step.id, call.item));
        Ok(())
    }

    /// All elements are done, or one has failed: the step ends.
    fn conclude_step(&mut self, scene: Scene<'_>, place: usize, step: &BoundStep, count: usize) {
        let calls = &self.state.steps[place].calls;
        let mut outcomes = calls.iter().filter_map(|call| call.ended.as_ref().map(|ended| ended.outcome));
        let outcome = outcomes.clone().fold(StepOutcome::Unchanged, worse);
        debug_assert!(outcomes.clone().count() == count || outcomes.any(|one| worse(one, StepOutcome::Failed) == one));
        if outcome.is_trouble() {
            self.end_step(scene.now, place, outcome, None, None);
            return;
        }
        if !step.expect.is_empty() {
            self.learn_step(place, step, Some(outcome));
        }
        for (expect, _) in &step.expect {
            let problem = match self.holds(scene, expect) {
                Ok(true) => continue,
                Ok(false) => format!("`expect` does not hold: {}", expect.text()),
                Err(message) => format!("`expect` could not be judged: {message}"),
            };
            self.end_step(scene.now, place, StepOutcome::Failed, Some("expectation"), Some(problem));
            return;
        }
        self.end_step(scene.now, place, outcome, None, None);
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
        self.record(at, Fact::StepEnded(StepEnded { step: number(place), outcome, code, message }));
    }

    /// Brings the scope up to the steps that have ended.
    fn learn_ended_steps(&mut self, steps: &[BoundStep]) {
        while let Some(step) = steps.get(self.known_steps) {
            let Some(ended) = self.state.steps.get(self.known_steps).and_then(|state| state.ended.as_ref()) else {
                return;
            };
            let outcome = ended.outcome;
            self.scope.remove("item");
            self.learn_step(self.known_steps, step, Some(outcome));
            self.known_steps += 1;
        }
    }

    /// Sets `steps.ID` from the calls that have ended.
    pub(super) fn learn_step(&mut self, place: usize, step: &BoundStep, outcome: Option<StepOutcome>) {
        let calls = self.state.steps.get(place).map(|state| state.calls.as_slice()).unwrap_or_default();
        let value = step_value(calls, outcome, step);
        self.scope.set_path(&["steps", &step.id], value);
    }

    /// A failed step ends the row: what it did is taken back, last step first.
    fn roll_back(&mut self, scene: Scene<'_>, steps: &[BoundStep]) -> Option<Next> {
        for place in (0..self.state.steps.len().min(steps.len())).rev() {
            let Some(rollback) = &steps[place].rollback else { continue };
            for item in (0..self.state.steps[place].calls.len()).rev() {
                let did = CallRef { step: number(place), item: number(item), phase: Phase::Do };
                let undo = CallRef { phase: Phase::Rollback, ..did };
                let made = self.state.call(did).is_some_and(|call| is_about(scene.shape, call));
                let over = self.state.call(undo).is_some_and(|call| call.ended.is_some());
                if !made || over {
                    continue;
                }
                if !self.state.rolling_back {
                    self.record(scene.now, Fact::RollbackStarted);
                }
                return self.undo(scene, &steps[place], rollback, undo);
            }
        }
        if scene.shape.undoing.is_some() && !self.state.rolling_back {
            self.record(scene.now, Fact::RollbackStarted);
        }
        self.end(scene);
        None
    }
}

fn ended_as(ended: Option<&StepEnded>, outcome: StepOutcome) -> bool {
    ended.is_some_and(|ended| ended.outcome == outcome)
}

/// A place as the journal counts it.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Of two elements' outcomes the one that speaks for the step.
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

/// `steps.ID` as templates see it; a whole answer only where one of them names it.
fn step_value(calls: &[CallState], outcome: Option<StepOutcome>, step: &BoundStep) -> Value {
    let part = |ended: Option<&crate::journal::CallEnded>, outcome: Option<StepOutcome>| {
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
