//! How many calls a step makes in a row, as far as that is known before any answer.

use super::row_machine::RowMachine;
use crate::model::{Value, is_truthy};
use crate::plan::{BoundStep, Plan, is_counted_ahead};

impl RowMachine {
    /// The number of calls that a step makes in this row; `None` if only answers decide it, or if a template fails.
    pub(in crate::engine) fn planned_calls(&mut self, plan: &Plan, step: &BoundStep) -> Option<u64> {
        if !is_counted_ahead(step) {
            return None;
        }
        self.scope.remove("item");
        if let Some((when, _)) = &step.when
            && !is_truthy(&when.render(&plan.templates, &self.scope).ok()?)
        {
            return Some(0);
        }
        let Some((each, _)) = &step.for_each else { return Some(1) };
        match each.render(&plan.templates, &self.scope).ok()? {
            Value::Array(items) => Some(items.len() as u64),
            Value::Null => Some(0),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
        }
    }
}
