//! Which cells of a row its calls send as sensitive inputs, as they are. If all masks of a row are such cells, nobody has to
//! read and render its calls to know them.

use std::sync::Arc;

use crate::model::Value;
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan, SentCells};
use crate::provider::{Connection, Input, InputKind};
use crate::template::{Template, TopName};

impl Plan {
    /// Finds the cells that the steps of a row send as sensitive inputs. Called again whenever the steps change.
    pub(in crate::plan) fn find_sent_cells(&mut self) {
        let mut found = SentCells { columns: Vec::new(), are_all: true };
        for step in &self.steps {
            for call in std::iter::once(&step.call).chain(&step.rollback) {
                self.look_at_call(step, call, &mut found);
            }
        }
        self.sensitive.sent = found;
    }

    /// Whether the cells of a row alone say what is masked of it: its calls send no other sensitive value, and get none.
    #[must_use]
    pub fn masks_come_from_cells(&self) -> bool {
        self.sensitive.sent.are_all
    }

    /// Whether a name of a row is a cell, and not the rows of a list.
    fn is_cell(&self, name: &str) -> bool {
        !self.sensitive.lists.iter().any(|(list, _)| list == name)
    }

    fn look_at_call(&self, step: &BoundStep, call: &BoundCall, found: &mut SentCells) {
        let operation = &call.operation;
        let connection = self.connections.get(call.connection);
        found.are_all &= !operation.outputs.iter().any(|output| output.sensitive)
            && (call.undoes.is_none() || !operation.has_sensitive_values())
            && !operation.inputs.iter().any(|input| has_sensitive_default(input, connection.map(Arc::as_ref)));
        let mut look = Look { plan: self, in_list: step.for_each.is_some(), found };
        look.at_settings(&call.settings);
        match &call.with {
            BoundTree::Map(fields) => fields.iter().for_each(|(name, field)| {
                let input = operation.inputs.iter().find(|input| input.answers_to(name));
                look.at(field, input, false);
            }),
            whole @ (BoundTree::Constant(..) | BoundTree::Template(..) | BoundTree::List(_) | BoundTree::Each(..)) => {
                look.at_whole(whole, operation.has_sensitive_values());
            }
        }
    }
}

/// Whether an input may get a sensitive value that no step gives. A default inside a sensitive object is masked with it.
fn has_sensitive_default(input: &Input, connection: Option<&Connection>) -> bool {
    let of_connection = || connection.is_some_and(|one| one.defaults.contains_key(&input.name));
    input.has_sensitive_parts() && (of_connection() || input.has_part(&|part| part.default.is_some()))
}

/// Looks at the inputs of one call.
struct Look<'p, 'f> {
    plan: &'p Plan,
    /// Whether `item` is a name in the templates.
    in_list: bool,
    found: &'f mut SentCells,
}

impl Look<'_, '_> {
    /// Settings are not inputs; what they get of sensitive names is masked, too.
    fn at_settings(&mut self, tree: &BoundTree) {
        tree.each_template(&mut |template| self.at_template(template, None, false));
    }

    /// Looks at all inputs of a call, written as one value; `sensitive` says that some are.
    fn at_whole(&mut self, tree: &BoundTree, sensitive: bool) {
        let is_empty = matches!(tree, BoundTree::Constant(Value::Object(fields), _) if fields.is_empty());
        let mut uses = sensitive && !is_empty;
        tree.each_template(&mut |template| uses |= self.uses_sensitive(template));
        self.found.are_all &= !uses;
    }

    /// Looks at the value of an input; `within` says that it is a part of a sensitive one.
    fn at(&mut self, tree: &BoundTree, input: Option<&Input>, within: bool) {
        let sensitive = within || input.is_some_and(|input| input.sensitive);
        let parts_are = input.is_some_and(Input::has_sensitive_parts);
        match tree {
            BoundTree::Constant(value, _) => self.found.are_all &= !(sensitive || parts_are) || value.is_null(),
            // The parts of a whole object or list are not known before it is rendered.
            BoundTree::Template(..) if parts_are && !sensitive => self.found.are_all = false,
            BoundTree::Template(template, _) => self.at_template(template, input, sensitive),
            BoundTree::Map(fields) => fields.iter().for_each(|(name, field)| {
                self.at(field, input.and_then(|input| input.at(std::slice::from_ref(name))), sensitive);
            }),
            BoundTree::List(elements) => elements.iter().for_each(|element| {
                self.at(element, input.and_then(|input| input.at(&["[]".to_owned()])), sensitive);
            }),
            BoundTree::Each(over, body, _) => {
                let mut uses = self.uses_sensitive(over);
                body.each_template(&mut |template| uses |= self.uses_sensitive(template));
                self.found.are_all &= !uses && !sensitive && !parts_are;
            }
        }
    }

    fn at_template(&mut self, template: &Template, input: Option<&Input>, sensitive: bool) {
        if !sensitive && !self.uses_sensitive(template) {
            return;
        }
        match template.as_name() {
            Some([root, column])
                if *root == TopName::Row.as_str() && self.plan.is_cell(column) && keeps_texts(input) =>
            {
                if sensitive && !self.found.columns.contains(column) {
                    self.found.columns.push(column.clone());
                }
            }
            Some([root, _]) if *root == TopName::Vars.as_str() && !sensitive => {}
            Some(_) | None => self.found.are_all = false,
        }
    }

    fn uses_sensitive(&self, template: &Template) -> bool {
        template.names().iter().any(|name| {
            let is_item = name.path.first().is_some_and(|root| *root == TopName::Item.as_str());
            (is_item && self.in_list) || self.plan.may_be_sensitive(&name.path)
        })
    }
}

/// Whether an input sends a cell with the text that it has.
fn keeps_texts(input: Option<&Input>) -> bool {
    input.is_none_or(|input| match &input.kind {
        InputKind::String | InputKind::Integer | InputKind::Any => true,
        InputKind::Number | InputKind::Boolean | InputKind::Time(_) | InputKind::Object { .. } | InputKind::List(_) => {
            false
        }
    })
}
