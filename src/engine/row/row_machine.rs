//! The machine of one row: a function of the row's facts that decides what to do next. A process that resumes a run
//! passes it the facts of the journal, and it decides as it would have without the crash.

use std::sync::Arc;
use std::time::Duration;

use super::call_result::RunSignals;
use super::outgoing_call::OutgoingCall;
use super::step_context::StepContext;
use crate::journal::{CallState, Fact, RowState, StepEnded, Waits};
use crate::model::{Map, StepOutcome, StepScope, Time, Value};
use crate::plan::{BoundList, BoundStep};
use crate::playbook::OnFailure;
use crate::template::Scope;

/// What to do next for a row.
#[derive(Debug)]
pub(in crate::engine) enum NextMove {
    /// Send this call or lookup.
    Send(Box<OutgoingCall>),
    /// Do nothing before this instant.
    Wait(Time),
    /// The row has ended.
    Ended,
}

/// The machine of one row, or of the steps that run once before or after the rows.
pub(in crate::engine) struct RowMachine {
    pub(super) step_scope: StepScope,
    pub(in crate::engine) list: BoundList,
    pub(in crate::engine) key: String,
    pub(super) state: RowState,
    pub(super) scope: Scope,
    /// Facts that are not written yet.
    pub(super) facts: Vec<Fact>,
    /// The index of the step whose `for_each` was rendered last, and its elements.
    pub(super) items: Option<(usize, Vec<Value>)>,
    /// When the call may go on after the last attempt; `None` if this process has not attempted it.
    pub(super) wait_until: Option<Time>,
    /// Whether the vendor's last answer said how long to wait.
    pub(super) vendor_set_wait: bool,
    /// The state of the rest of the run when the last answer came.
    pub(super) signals: RunSignals,
    /// Whether the vendor rejected the row's last lookup. Shared with other rows, it would be rejected for them, too.
    pub(super) looks_up_alone: bool,
    /// How many steps, from the first on, templates can see.
    pub(super) published_steps: usize,
    /// The seed of the `uuid` helper: the run's identity and the row's key.
    pub(super) identity: String,
    /// The timing of the attempt that is recorded next.
    timing: CallTiming,
}

/// How long a call took, and what it waited for.
#[derive(Debug, Default)]
struct CallTiming {
    took: Option<Duration>,
    waited: Waits,
}

impl RowMachine {
    /// The machine of a row, or of the steps that run once, after the `facts` of its journal. `base` holds the template
    /// names that all rows share: `vars`, `run`, and the steps that ran before them.
    #[must_use]
    pub(in crate::engine) fn new(
        base: &Arc<Scope>,
        step_scope: StepScope,
        key: &str,
        cells: Option<Map>,
        facts: &[(Time, Fact)],
    ) -> Self {
        let list = BoundList::of(step_scope);
        let mut scope = Scope::over(base.clone());
        if let Some(cells) = cells {
            scope.set("row", Value::Object(cells));
        }
        let run = base.identity();
        let scope_name = match step_scope {
            StepScope::Row(_) => key,
            StepScope::Before | StepScope::After | StepScope::Run => list.as_str(),
        };
        let identity = format!("{run}\u{0}{scope_name}");
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let (facts, items, wait_until, published_steps, signals) = (Vec::new(), None, None, 0, RunSignals::default());
        Self {
            step_scope,
            list,
            key: key.to_owned(),
            state,
            scope,
            facts,
            items,
            wait_until,
            vendor_set_wait: false,
            signals,
            looks_up_alone: false,
            published_steps,
            identity,
            timing: CallTiming::default(),
        }
    }

    /// The row's state.
    #[must_use]
    pub(in crate::engine) fn state(&self) -> &RowState {
        &self.state
    }

    /// The values of `steps.ID` by id, for the templates of later lists.
    #[must_use]
    pub(in crate::engine) fn step_values(&self) -> Map {
        self.scope.get(&["steps"]).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Sets a template name, such as `run`.
    pub(in crate::engine) fn set(&mut self, name: &str, value: Value) {
        self.scope.set(name, value);
    }

    /// Drains the facts that are not written yet. They belong into one entry.
    pub(in crate::engine) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// Whether there are facts that are not written yet.
    #[must_use]
    pub(in crate::engine) fn has_facts(&self) -> bool {
        !self.facts.is_empty()
    }

    /// Sets how long the next attempt that is recorded took, and adds what it waited for.
    pub(in crate::engine) fn set_timing(&mut self, took: Option<Duration>, waited: Waits) {
        self.timing.took = took;
        self.timing.waited.extend(waited);
    }

    pub(super) fn record(&mut self, at: Time, mut fact: Fact) {
        if let Fact::Attempted(attempted) = &mut fact {
            let CallTiming { took, waited } = std::mem::take(&mut self.timing);
            attempted.took_ms = took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            attempted.waited = waited;
        }
        self.state.apply(at, &fact);
        self.facts.push(fact);
    }

    /// Whether the next thing to do for one of its calls is a lookup.
    pub(in crate::engine) fn is_looking_up(&self) -> bool {
        self.calls().any(|call| call.ended.is_none() && call.to_look_up)
    }

    /// Whether one of its calls ended as unknown.
    pub(in crate::engine) fn has_unknown(&self) -> bool {
        self.calls().any(|call| call.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown))
    }

    pub(in crate::engine) fn calls(&self) -> impl Iterator<Item = &CallState> {
        self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone))
    }

    /// What to do now. Must not be called while a call of the row is under way.
    pub(in crate::engine) fn next(&mut self, context: StepContext<'_>) -> NextMove {
        loop {
            self.publish_ended_steps(context.plan.list(self.list));
            if self.state.ended.is_some() || self.state.continued_in.is_some() {
                return NextMove::Ended;
            }
            if let Some(next) = self.advance(context) {
                return next;
            }
        }
    }

    /// One step of [`RowMachine::next`]; `None` where it only added facts and has to be asked again.
    fn advance(&mut self, context: StepContext<'_>) -> Option<NextMove> {
        let steps = context.plan.list(self.list);
        if self.state.steps.iter().any(|step| ended_as(step.ended.as_ref(), StepOutcome::Unknown)) {
            self.end(context);
            return None;
        }
        if context.shape.undoing.is_some() || self.must_stop(steps) {
            if self.doubt_next_step(context) {
                return None;
            }
            return self.roll_back(context, steps);
        }
        let place = self.published_steps;
        match steps.get(place) {
            Some(step) => self.step(context, place, step),
            None => {
                self.end(context);
                None
            }
        }
    }

    /// Whether a step has failed and its `on_failure` ends the row, or a rollback has begun.
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
