//! Which names, results and keys of a plan are sensitive, and the masks of their values.

use crate::model::{MASK, Map, Masks, Value};
use crate::plan::bound::{Plan, SensitiveNames};
use crate::provider::Operation;
use crate::template::{StepPart, TopName};

impl Plan {
    /// Shows all values from now on, as `--unmask` asks.
    pub fn unmask(&mut self) {
        self.sensitive.unmasked = true;
    }

    /// Whether no column, list, variable or output is sensitive. Inputs of operations may be.
    pub(super) fn has_no_sensitive_names(&self) -> bool {
        let SensitiveNames { columns, lists, vars, .. } = &self.sensitive;
        let steps = self.before.iter().chain(&self.steps);
        columns.is_empty()
            && vars.is_empty()
            && lists.iter().all(|(_, columns)| columns.is_empty())
            && !steps.flat_map(|step| &step.call.operation.outputs).any(|output| output.sensitive)
    }

    /// Whether no row of this plan can have a value that is masked in texts: nothing is sensitive in the playbook or in the
    /// operations that it calls, or `--unmask` was given.
    #[must_use]
    pub fn masks_nothing(&self) -> bool {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let mut calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        self.is_unmasked() || self.has_no_sensitive_names() && !calls.any(|call| call.operation.has_sensitive_values())
    }

    /// Whether `--unmask` was given, so that all values are shown.
    #[must_use]
    pub fn is_unmasked(&self) -> bool {
        self.sensitive.unmasked
    }

    /// The result columns whose templates use a sensitive name.
    #[must_use]
    pub fn sensitive_results(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for (name, tree) in &self.results {
            let mut sensitive = false;
            tree.each_template(&mut |template| {
                sensitive |= template.names().iter().any(|name| self.may_be_sensitive(&name.path))
            });
            if sensitive {
                found.push(name.as_str());
            }
        }
        found
    }

    /// Whether a template name may be a sensitive value, or contain one. `item` is never sensitive here.
    pub(super) fn may_be_sensitive(&self, path: &[String]) -> bool {
        let SensitiveNames { columns, lists, vars, .. } = &self.sensitive;
        let part = |at: usize| path.get(at).map(String::as_str);
        let meant = |names: &[&String]| match part(1) {
            Some(part) => names.iter().any(|name| *name == part),
            None => !names.is_empty(),
        };
        let Some(root) = part(0).and_then(TopName::named) else { return false };
        match root {
            TopName::Row => {
                let listed = lists.iter().find(|(list, _)| part(1) == Some(list));
                if let (Some((_, hidden)), Some(column)) = (listed, part(3)) {
                    return hidden.iter().any(|name| name == column);
                }
                let lists = lists.iter().filter(|(_, columns)| !columns.is_empty()).map(|(list, _)| list);
                meant(&columns.iter().chain(lists).collect::<Vec<_>>())
            }
            TopName::Vars => meant(&vars.iter().collect::<Vec<_>>()),
            TopName::Steps => {
                let steps = self.before.iter().chain(&self.steps);
                let mut steps = steps.filter(|step| part(1).is_none_or(|id| step.id == id));
                steps.any(|step| {
                    let mut outputs = step.call.operation.outputs.iter().filter(|output| output.sensitive);
                    match (part(2).and_then(StepPart::named), part(3)) {
                        (Some(StepPart::Outcome), _) => false,
                        (Some(StepPart::Outputs), Some(output)) => outputs.any(|one| one.name == output),
                        (Some(StepPart::Outputs | StepPart::Body | StepPart::Items) | None, _) => {
                            outputs.next().is_some()
                        }
                    }
                })
            }
            TopName::Item | TopName::Run => false,
        }
    }

    /// The cells of a row with those of sensitive columns masked as a whole, also values that are too short to be masked
    /// in texts.
    #[must_use]
    pub fn shown_cells(&self, cells: &Map) -> Map {
        let SensitiveNames { columns, lists, unmasked, .. } = &self.sensitive;
        let mut shown = cells.clone();
        if *unmasked {
            return shown;
        }
        let hide = |cells: &mut Map, columns: &[String]| {
            let hidden = cells.iter_mut().filter(|(name, value)| columns.contains(name) && !value.is_null());
            hidden.for_each(|(_, value)| *value = Value::from(MASK));
        };
        hide(&mut shown, columns);
        for (list, columns) in lists {
            let elements = shown.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
            elements.filter_map(Value::as_object_mut).for_each(|element| hide(element, columns));
        }
        shown
    }

    /// The masks of the sensitive values of the variables and of the typed cells of a row, if given; empty with
    /// `--unmask`. A cell that a call sends as a sensitive input is sensitive, whether it was sent or not.
    #[must_use]
    pub fn masks(&self, cells: Option<&Map>) -> Masks {
        let mut masks = Masks::default();
        let SensitiveNames { columns, lists, vars, sent, unmasked, .. } = &self.sensitive;
        if *unmasked {
            return masks;
        }
        vars.iter().filter_map(|name| self.vars.get(name)).for_each(|value| masks.add(value));
        let Some(cells) = cells else { return masks };
        let columns = columns.iter().chain(&sent.columns);
        columns.filter_map(|name| cells.get(name)).for_each(|value| masks.add(value));
        for (list, columns) in lists {
            let elements = cells.get(list).and_then(Value::as_array);
            for element in elements.into_iter().flatten() {
                columns.iter().filter_map(|name| element.get(name)).for_each(|value| masks.add(value));
            }
        }
        masks
    }

    /// Adds the values of the inputs that the operation marks as sensitive; none with `--unmask`.
    pub fn mask_inputs(&self, operation: &Operation, inputs: &Map, masks: &mut Masks) {
        if !self.sensitive.unmasked {
            operation.mask_inputs(inputs, masks);
        }
    }

    /// The key of a row as it may be shown: masked if its column is sensitive.
    #[must_use]
    pub fn shown_key<'k>(&self, key: &'k str) -> &'k str {
        if self.masks_keys() { MASK } else { key }
    }

    /// Whether a key column is sensitive and `--unmask` was not given.
    #[must_use]
    pub fn masks_keys(&self) -> bool {
        self.sensitive.key && !self.sensitive.unmasked
    }
}
