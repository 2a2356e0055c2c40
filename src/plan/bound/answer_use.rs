//! What templates use of a step's answer: what a row needs to continue, and which answers the journal stores whole.

use std::collections::BTreeSet;

use super::plan::{Plan, each_template_of_plan};
use super::step::{BoundStep, each_template_of_step};
use crate::template::Template;

/// The parts of a step's answer that templates use; without them, the row cannot continue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerUse {
    /// The names of the outputs that are used.
    pub outputs: BTreeSet<String>,
    /// Whether the body of the answer is used.
    pub body: bool,
}

/// What steps and rollbacks use of the answer of the step `id`. Result columns are not included, because they may
/// stay blank.
#[must_use]
pub fn answer_use(plan: &Plan, id: &str) -> AnswerUse {
    let mut wanted = AnswerUse::default();
    let declared = || {
        let step = all(plan).find(|step| step.id == id);
        let outputs = step.into_iter().flat_map(|step| &step.call.operation.outputs);
        outputs.filter(|output| output.required).map(|output| output.name.clone()).collect::<Vec<_>>()
    };
    for step in all(plan) {
        each_template_of_step(step, &mut |template, _| add(template, id, &declared, &mut wanted));
    }
    wanted
}

fn all(plan: &Plan) -> impl Iterator<Item = &BoundStep> {
    plan.before.iter().chain(&plan.steps).chain(&plan.after)
}

fn add(template: &Template, id: &str, declared: &dyn Fn() -> Vec<String>, wanted: &mut AnswerUse) {
    for name in template.names() {
        let [root, step, rest @ ..] = name.path.as_slice() else { continue };
        if root != "steps" || step != id {
            continue;
        }
        match rest {
            [part, output, ..] if part == "outputs" => {
                wanted.outputs.insert(output.clone());
            }
            [part, ..] if part == "body" => wanted.body = true,
            [part, ..] if part == "outcome" => {}
            // The step as a whole, or its elements: every output may be used.
            _ => wanted.outputs.extend(declared()),
        }
    }
}

/// Marks the steps whose whole answer a template uses, so that the journal stores it.
pub(in crate::plan) fn mark_used_bodies(plan: &mut Plan) {
    let (mut used, mut all) = (Vec::new(), false);
    each_template_of_plan(plan, &mut |template, _| {
        for name in template.names() {
            match name.path.as_slice() {
                [root] if root == "steps" => all = true,
                [root, id] if root == "steps" => used.push(id.clone()),
                [root, id, part, ..] if root == "steps" && (part == "body" || part == "items") => used.push(id.clone()),
                _ => {}
            }
        }
    });
    for step in plan.before.iter_mut().chain(&mut plan.steps).chain(&mut plan.after) {
        step.body_used = all || used.contains(&step.id);
    }
}
