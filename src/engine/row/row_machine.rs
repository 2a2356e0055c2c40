//! One row's machine: from what is known of it to the next thing to do. Live and after a crash it is the
//! same function of the same facts.

use std::sync::Arc;

use super::call_result::Surroundings;
use super::outgoing_call::Outgoing;
use super::step_context::Scene;
use crate::journal::{CallState, Fact, RowState, StepEnded};
use crate::model::{Map, StepOutcome, StepScope as Whose, Time, Value};
use crate::plan::{BoundList, BoundStep};
use crate::playbook::OnFailure;
use crate::template::Scope;

/// The next thing to do for a row.
#[derive(Debug)]
pub(in crate::engine) enum Next {
    /// Send this.
    Send(Box<Outgoing>),
    /// Nothing before then.
    Wait(Time),
    /// The row has ended.
    Ended,
}

/// One row's machine.
pub(in crate::engine) struct RowMachine {
    pub(super) whose: Whose,
    pub(in crate::engine) list: BoundList,
    pub(in crate::engine) key: String,
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
    pub(in crate::engine) joined: bool,
    /// Whether the vendor refused its last lookup, which would spoil others asked with it.
    pub(super) asks_alone: bool,
    /// How many steps the template scope knows.
    pub(super) known_steps: usize,
    /// The run's identity, for `uuid`.
    pub(super) identity: String,
}

impl RowMachine {
    /// A machine of a row, or of the run's own steps, with what its journal says of it. `base` holds the names that
    /// all rows share: `vars`, `run`, and the steps that ran ahead of them.
    #[must_use]
    pub(in crate::engine) fn new(
        base: &Arc<Scope>,
        whose: Whose,
        key: &str,
        cells: Option<Map>,
        facts: &[(Time, Fact)],
    ) -> Self {
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
    pub(in crate::engine) fn state(&self) -> &RowState {
        &self.state
    }

    /// What its steps brought, for later lists: `steps.ID` by id.
    #[must_use]
    pub(in crate::engine) fn known_steps(&self) -> Map {
        self.scope.get(&["steps"]).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Sets a name of the templates, such as `run`.
    pub(in crate::engine) fn set(&mut self, name: &str, value: Value) {
        self.scope.set(name, value);
    }

    /// Facts made since they were last taken, to be written in one entry.
    pub(in crate::engine) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// Whether facts wait to be written.
    #[must_use]
    pub(in crate::engine) fn has_facts(&self) -> bool {
        !self.facts.is_empty()
    }

    pub(super) fn record(&mut self, at: Time, fact: Fact) {
        self.state.apply(at, &fact);
        self.facts.push(fact);
    }

    /// Whether a lookup is to tell what became of a call.
    pub(in crate::engine) fn is_looking_up(&self) -> bool {
        self.calls().any(|call| call.ended.is_none() && call.to_look_up)
    }

    /// Whether a call ended without anybody knowing how.
    pub(in crate::engine) fn has_unknown(&self) -> bool {
        self.calls().any(|call| call.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown))
    }

    pub(in crate::engine) fn calls(&self) -> impl Iterator<Item = &CallState> {
        self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone))
    }

    /// What is to be done now. Never to be asked while a call of the row is under way.
    pub(in crate::engine) fn next(&mut self, scene: Scene<'_>) -> Next {
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
}

fn ended_as(ended: Option<&StepEnded>, outcome: StepOutcome) -> bool {
    ended.is_some_and(|ended| ended.outcome == outcome)
}
