//! A plan and a row as one run knows them, to ask the row's machine about what is done already.

use std::sync::Arc;

use crate::engine::row::{RowMachine, StepContext, shape_index, shared_scope};
use crate::journal::{CallRef, CallState, Carried, Fact, Shape};
use crate::model::{Map, RunId, Scope as Whose, StepOutcome, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::policy::Dice;
use crate::template::Scope;

/// A plan as one of the two runs has it.
pub struct PlanView {
    /// The plan.
    pub plan: Arc<Plan>,
    base: Arc<Scope>,
    shapes: [Shape; 3],
}

impl PlanView {
    /// The side of a plan. `steps` are those that ran ahead of the rows.
    #[must_use]
    pub fn new(plan: Arc<Plan>, steps: Option<Map>) -> Self {
        let mut base = shared_scope(&plan);
        if let Some(steps) = steps {
            base.set("steps", Value::Object(steps));
        }
        let shapes = [BoundList::Before, BoundList::Steps, BoundList::After].map(|list| Shape::of(&plan, list));
        Self { plan, base: Arc::new(base), shapes }
    }

    /// The same plan, its templates under the names of another run: only rows and playbook make a difference then.
    #[must_use]
    pub fn speaking_as(&self, other: &Self) -> Self {
        let mut base = (*other.base).clone();
        base.set("vars", Value::Object(self.plan.vars.clone()));
        Self { plan: self.plan.clone(), base: Arc::new(base), shapes: self.shapes.clone() }
    }

    /// What steps that run once imported, as later lists see it.
    #[must_use]
    pub fn step_values(&self, whose: Whose, facts: &[(Time, Fact)]) -> Map {
        let mut machine = self.machine(whose, "", None, facts);
        machine.publish_all_steps(self.plan.list(machine.list));
        machine.step_values()
    }

    pub(super) fn shape(&self, whose: Whose) -> &Shape {
        &self.shapes[shape_index(whose)]
    }

    pub(super) fn machine(&self, whose: Whose, key: &str, cells: Option<&Map>, facts: &[(Time, Fact)]) -> RowMachine {
        RowMachine::new(&self.base, whose, key, cells.cloned(), facts)
    }

    pub(super) fn context(&self, whose: Whose, now: Time) -> StepContext<'_> {
        StepContext { plan: &self.plan, shape: self.shape(whose), dice: Dice::new(0), now }
    }
}

/// A row, or the run's own steps, with what the prior run knows of it.
#[derive(Clone, Copy)]
pub struct PriorRow<'a> {
    /// Whose facts they are.
    pub whose: Whose,
    /// The row's key.
    pub key: &'a str,
    /// The row's cells as they were.
    pub cells: Option<&'a Map>,
    /// The facts.
    pub facts: &'a [(Time, Fact)],
    /// The run.
    pub run: &'a RunId,
}

/// A done call as a later run begins with it.
pub(super) fn carried(call: CallRef, known: &CallState, element: Option<String>, from: RunId) -> Carried {
    let ended = known.ended.clone();
    Carried {
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
