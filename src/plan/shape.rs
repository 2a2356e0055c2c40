//! The plan's steps as the journal sees them.

use super::bound::{BoundCall, BoundList, BoundStep, BoundTree, Plan};
use crate::journal::{Shape, StepShape};
use crate::provider::Effect;
use crate::template::Template;

impl Plan {
    /// The shape of a list of steps.
    #[must_use]
    pub fn shape(&self, list: BoundList) -> Shape {
        let steps = self.list(list);
        Shape { steps: steps.iter().map(|step| shape_of(step, steps)).collect() }
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
    StepShape {
        id: step.id.clone(),
        operation: step.call.operation.full_name(),
        lookup: step.call.lookup.as_ref().map(|(operation, _)| operation.full_name()),
        rollback: step.rollback.as_ref().map(|call| call.operation.full_name()),
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

impl BoundTree {
    /// Calls `each` with every template inside.
    pub fn each_template(&self, each: &mut dyn FnMut(&Template)) {
        match self {
            Self::Constant(_) => {}
            Self::Template(template, _) => each(template),
            Self::List(items) => items.iter().for_each(|item| item.each_template(each)),
            Self::Map(fields) => fields.iter().for_each(|(_, field)| field.each_template(each)),
            Self::Each(list, body, _) => {
                each(list);
                body.each_template(each);
            }
        }
    }
}
