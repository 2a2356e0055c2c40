//! A plan and a row as one run knows them: what the row's machine needs to answer questions about finished work.

use std::sync::Arc;

use crate::engine::row::{RowMachine, StepContext, shape_index, shared_scope};
use crate::journal::{CallRef, CallState, Fact, ImportedCall, ScopeShape};
use crate::model::{Map, RunId, StepOutcome, StepScope, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::policy::SeededRng;
use crate::template::Scope;

/// A plan with its template names and the shapes of its lists, for looking at the rows of one run.
pub struct PlanView {
    /// The plan.
    pub plan: Arc<Plan>,
    base: Arc<Scope>,
    shapes: [ScopeShape; 3],
}

impl PlanView {
    /// The view of a plan. `steps` are the values of the steps that ran before the rows; `None` if there are none
    /// yet.
    #[must_use]
    pub fn new(plan: Arc<Plan>, steps: Option<Map>) -> Self {
        let mut base = shared_scope(&plan);
        if let Some(steps) = steps {
            base.set("steps", Value::Object(steps));
        }
        let shapes = [BoundList::Before, BoundList::Steps, BoundList::After].map(|list| ScopeShape::of(&plan, list));
        Self { plan, base: Arc::new(base), shapes }
    }

    /// The same plan with the `run.*` and `steps.*` values of another run, so that only rows and playbook can differ.
    #[must_use]
    pub fn speaking_as(&self, other: &Self) -> Self {
        let mut base = (*other.base).clone();
        base.set("vars", Value::Object(self.plan.vars.clone()));
        Self { plan: self.plan.clone(), base: Arc::new(base), shapes: self.shapes.clone() }
    }

    /// The values of `steps.ID` of the steps that run once, for the templates of later lists.
    #[must_use]
    pub fn step_values(&self, scope: StepScope, facts: &[(Time, Fact)]) -> Map {
        let mut machine = self.machine(scope, "", None, facts);
        machine.publish_all_steps(self.plan.list(machine.list));
        machine.step_values()
    }

    pub(super) fn shape(&self, scope: StepScope) -> &ScopeShape {
        &self.shapes[shape_index(scope)]
    }

    pub(super) fn machine(
        &self,
        scope: StepScope,
        key: &str,
        cells: Option<&Map>,
        facts: &[(Time, Fact)],
    ) -> RowMachine {
        RowMachine::new(&self.base, scope, key, cells.cloned(), facts)
    }

    pub(super) fn context(&self, scope: StepScope, now: Time) -> StepContext<'_> {
        StepContext { plan: &self.plan, shape: self.shape(scope), rng: SeededRng::new(0), now }
    }
}

/// A row, or the steps that run once, with what the journal of a run contains about it.
#[derive(Clone, Copy)]
pub struct PriorRow<'a> {
    /// The row, or the list of steps that run once.
    pub scope: StepScope,
    /// The row's key; empty for steps that run once.
    pub key: &'a str,
    /// The row's cells; `None` for steps that run once.
    pub cells: Option<&'a Map>,
    /// Its facts, in order.
    pub facts: &'a [(Time, Fact)],
    /// The run.
    pub run: &'a RunId,
}

/// The fact with which a later run imports a call that is done.
pub(super) fn carried(call: CallRef, known: &CallState, element: Option<String>, from: RunId) -> ImportedCall {
    let ended = known.ended.clone();
    ImportedCall {
        call,
        from,
        made_at: known.first_at.unwrap_or_default(),
        outcome: ended.as_ref().map_or(StepOutcome::Succeeded, |ended| ended.outcome),
        hash: known.hash.clone(),
        element,
        code: ended.as_ref().and_then(|ended| ended.code.clone()),
        message: ended.as_ref().and_then(|ended| ended.message.clone()),
        request_id: ended.as_ref().and_then(|ended| ended.request_id.clone()),
        outputs: ended.as_ref().map(|ended| (*ended.outputs).clone()).unwrap_or_default(),
        body: ended.map(|ended| (*ended.body).clone()).unwrap_or_default(),
    }
}
