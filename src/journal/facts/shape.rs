//! What is needed of a plan to interpret facts: the steps of a scope as plain data.

use crate::model::RunId;
use crate::plan::{BoundCall, BoundList, BoundStep, Plan};
use crate::provider::Effect;
use crate::template::Template;

/// One step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepShape {
    /// The step's id.
    pub id: String,
    /// The operation it calls.
    pub operation: String,
    /// The operation of its lookup; `None` if it has none.
    pub lookup: Option<String>,
    /// The operation of its rollback; `None` if it has none.
    pub rollback: Option<String>,
    /// The operation of the rollback's lookup; `None` if it has none.
    pub rollback_lookup: Option<String>,
    /// Whether it changes something.
    pub write: bool,
    /// Indexes of earlier steps whose outputs it uses. If it has no rollback of its own, it is undone together with
    /// them.
    pub taken_back_with: Vec<u32>,
}

/// The steps of one scope, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeShape {
    /// The steps.
    pub steps: Vec<StepShape>,
    /// The run that this run undoes; `None` unless it is an undo.
    pub undoing: Option<RunId>,
}

impl ScopeShape {
    /// The shape of one of the plan's lists of steps.
    #[must_use]
    pub fn of(plan: &Plan, list: BoundList) -> Self {
        let steps = plan.list(list);
        Self { steps: steps.iter().map(|step| shape_of(step, steps)).collect(), undoing: plan.undoing.clone() }
    }
}

fn shape_of(step: &BoundStep, steps: &[BoundStep]) -> StepShape {
    let taken_back_with = match &step.rollback {
        Some(_) => Vec::new(),
        None => (0_u32..)
            .zip(steps)
            .take_while(|(_, earlier)| earlier.id != step.id)
            .filter(|(_, earlier)| uses_outputs_of(&step.call, &earlier.id))
            .map(|(place, _)| place)
            .collect(),
    };
    let name_of = |call: &BoundCall| call.lookup.as_ref().map(|(operation, _)| operation.full_name().to_owned());
    StepShape {
        id: step.id.clone(),
        operation: step.call.operation.full_name().to_owned(),
        lookup: name_of(&step.call),
        rollback: step.rollback.as_ref().map(|call| call.operation.full_name().to_owned()),
        rollback_lookup: step.rollback.as_ref().and_then(name_of),
        write: step.call.operation.effect == Effect::Write,
        taken_back_with,
    }
}

fn uses_outputs_of(call: &BoundCall, id: &str) -> bool {
    let mut used = false;
    call.with.each_template(&mut |template| used |= names_step(template, id));
    used
}

fn names_step(template: &Template, id: &str) -> bool {
    template
        .names()
        .iter()
        .any(|name| matches!(name.path.as_slice(), [root, step, ..] if root == "steps" && step == id))
}
