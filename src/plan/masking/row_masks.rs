//! Masks for messages about a row: the sensitive values that its steps would send.

use crate::model::{Map, Masks, Value};
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan};
use crate::plan::rendering::{Answers, render, render_one};
use crate::template::Scope;

impl Plan {
    /// Adds the sensitive values that the steps derive from the typed cells of a row, as far as they can be rendered
    /// before the run.
    pub fn mask_row(&self, cells: &Map, masks: &mut Masks) {
        let mut scope = Scope::new();
        scope.set("vars", Value::Object(self.vars.clone()));
        scope.set("run", Value::Object(self.run.clone()));
        scope.set("row", Value::Object(cells.clone()));
        self.mask_steps(&self.steps, &mut scope, masks);
    }

    /// Adds the sensitive values of the inputs of `steps` in a scope that holds the row, as far as they can be
    /// rendered.
    pub(in crate::plan) fn mask_steps(&self, steps: &[BoundStep], scope: &mut Scope, masks: &mut Masks) {
        for step in steps {
            for item in self.elements(step, scope) {
                match item {
                    Some(item) => scope.set("item", item),
                    None => scope.remove("item"),
                }
                for call in std::iter::once(&step.call).chain(&step.rollback) {
                    self.mask_inputs(&call.operation, &self.rendered(call, scope), masks);
                    self.mask_rendered(step, call, scope, masks);
                }
            }
            scope.remove("item");
        }
    }

    /// The elements of `for_each`; a single `None` without a `for_each`; nothing if it is not a list.
    fn elements(&self, step: &BoundStep, scope: &Scope) -> Vec<Option<Value>> {
        let Some((each, span)) = &step.for_each else { return vec![None] };
        match render_one(each, *span, &self.templates, scope, Answers::Pending) {
            Ok(Value::Array(items)) => items.into_iter().map(Some).collect(),
            _ => Vec::new(),
        }
    }

    /// The inputs of a call, except those that cannot be rendered.
    fn rendered(&self, call: &BoundCall, scope: &mut Scope) -> Map {
        let BoundTree::Map(fields) = &call.with else { return Map::new() };
        let mut value = |field| render(field, &self.templates, scope, Answers::Pending).ok();
        fields.iter().filter_map(|(name, field)| Some((name.clone(), value(field)?))).collect()
    }
}
