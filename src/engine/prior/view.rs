//! A plan and a row as one run knows them, to ask the row's machine about what is done already.

use std::sync::Arc;

use crate::engine::row::{RowMachine, Scene, base_scope, shape_of};
use crate::journal::{CallRef, CallState, Fact, ImportedCall, ScopeShape};
use crate::model::{Map, RunId, StepOutcome, StepScope as Whose, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::policy::SeededRng;
use crate::template::Scope;

/// A plan as one of the two runs has it.
pub struct Side {
    /// The plan.
    pub plan: Arc<Plan>,
    base: Arc<Scope>,
    shapes: [ScopeShape; 3],
}

impl Side {
    /// The side of a plan. `steps` are those that ran ahead of the rows.
    #[must_use]
    pub fn new(plan: Arc<Plan>, steps: Option<Map>) -> Self {
        let mut base = base_scope(&plan);
        if let Some(steps) = steps {
            base.set("steps", Value::Object(steps));
        }
        let shapes = [BoundList::Before, BoundList::Steps, BoundList::After].map(|list| ScopeShape::of(&plan, list));
        Self { plan, base: Arc::new(base), shapes }
    }

    /// The same plan, its templates under the names of another run: only rows and playbook make a difference then.
    #[must_use]
    pub fn speaking_as(&self, other: &Self) -> Self {
        let mut base = (*other.base).clone();
        base.set("vars", Value::Object(self.plan.vars.clone()));
        Self { plan: self.plan.clone(), base: Arc::new(base), shapes: self.shapes.clone() }
    }

    /// What steps that run once brought, as later lists see it.
    #[must_use]
    pub fn known_steps(&self, whose: Whose, facts: &[(Time, Fact)]) -> Map {
        let mut machine = self.machine(whose, "", None, facts);
        machine.learn_all(self.plan.list(machine.list));
        machine.known_steps()
    }

    pub(super) fn shape(&self, whose: Whose) -> &ScopeShape {
        &self.shapes[shape_of(whose)]
    }

    pub(super) fn machine(&self, whose: Whose, key: &str, cells: Option<&Map>, facts: &[(Time, Fact)]) -> RowMachine {
        RowMachine::new(&self.base, whose, key, cells.cloned(), facts)
    }

    pub(super) fn scene(&self, whose: Whose, now: Time) -> Scene<'_> {
        Scene { plan: &self.plan, shape: self.shape(whose), dice: SeededRng::new(0), now }
    }
}

/// A row, or the run's own steps, with what the earlier run knows of it.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
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
