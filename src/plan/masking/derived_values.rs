//! Masks values that templates, helpers and conversions derive from sensitive values.

use crate::model::{Map, Masks, Value};
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan};
use crate::plan::rendering::{Answers, render_one};
use crate::provider::Input;
use crate::template::{Scope, Template, TopName};

/// The template of the list that `item` comes from; `None` if there is no `item`.
type Items<'p> = Option<&'p Template>;

fn items_of(step: &BoundStep) -> Items<'_> {
    step.for_each.as_ref().map(|(each, _)| each)
}

impl Plan {
    /// Adds what the templates of a call derive from sensitive names. `scope` holds the `item` of the step, if any.
    pub fn mask_rendered(&self, step: &BoundStep, call: &BoundCall, scope: &mut Scope, masks: &mut Masks) {
        if self.is_unmasked() || self.has_no_sensitive_names() {
            return;
        }
        for tree in [&call.with, &call.settings] {
            self.mask_tree(tree, items_of(step), scope, masks);
        }
    }

    /// Adds the converted inputs of a call that consist of sensitive values: a conversion does not make them public.
    pub fn mask_converted(&self, step: &BoundStep, call: &BoundCall, inputs: &Map, masks: &mut Masks) {
        let BoundTree::Map(fields) = &call.with else { return };
        if self.is_unmasked() || self.has_no_sensitive_names() {
            return;
        }
        for (name, field) in fields {
            let input = call.operation.inputs.iter().find(|input| input.answers_to(name));
            if let Some(value) = inputs.get(input.map_or(name, |input| &input.name)) {
                self.mask_value(field, items_of(step), input, value, masks);
            }
        }
    }

    fn mask_tree(&self, tree: &BoundTree, items: Items<'_>, scope: &mut Scope, masks: &mut Masks) {
        match tree {
            BoundTree::Constant(..) => {}
            BoundTree::Template(template, _) => self.mask_template(template, items, scope, masks),
            BoundTree::List(list) => list.iter().for_each(|tree| self.mask_tree(tree, items, scope, masks)),
            BoundTree::Map(fields) => fields.iter().for_each(|(_, tree)| self.mask_tree(tree, items, scope, masks)),
            BoundTree::Each(over, body, span) => {
                self.mask_template(over, items, scope, masks);
                let Ok(Value::Array(elements)) = render_one(over, *span, &self.templates, scope, Answers::Known) else {
                    return;
                };
                let outer = scope.get(&[TopName::Item.as_str()]).cloned();
                for element in elements {
                    scope.set(TopName::Item.as_str(), element);
                    self.mask_tree(body, Some(over), scope, masks);
                }
                match outer {
                    Some(outer) => scope.set(TopName::Item.as_str(), outer),
                    None => scope.remove(TopName::Item.as_str()),
                }
            }
        }
    }

    fn mask_template(&self, template: &Template, items: Items<'_>, scope: &Scope, masks: &mut Masks) {
        if !self.uses_sensitive(template, items) {
            return;
        }
        let made = template.private_values(&self.templates, scope, &|name| self.may_be_sensitive_here(name, items));
        made.values.iter().for_each(|value| masks.add(value));
        if let Some((text, places)) = made.text {
            masks.add_made(text, places);
        }
    }

    /// Adds a converted value if its template gives sensitive values only.
    fn mask_value(&self, tree: &BoundTree, items: Items<'_>, input: Option<&Input>, value: &Value, masks: &mut Masks) {
        match (tree, value) {
            (BoundTree::Template(template, _), value) => {
                // The sensitive parts of a whole list or object are masked already.
                let is_known = template.as_name().is_some() && (value.is_array() || value.is_object());
                if !is_known && template.gives_private(&self.templates, &|name| self.may_be_sensitive_here(name, items))
                {
                    masks.add(value);
                }
            }
            (BoundTree::Map(fields), Value::Object(map)) => {
                for (name, field) in fields {
                    let own = input.and_then(|input| input.at(std::slice::from_ref(name)));
                    let value = map.get(own.map_or(name, |own| &own.name));
                    value.into_iter().for_each(|value| self.mask_value(field, items, own, value, masks));
                }
            }
            (BoundTree::List(list), Value::Array(values)) => {
                let own = input.and_then(|input| input.at(&["[]".to_owned()]));
                let each = list.iter().find_map(|tree| match tree {
                    BoundTree::Each(over, body, _) => Some((over, body)),
                    BoundTree::Constant(..) | BoundTree::Template(..) | BoundTree::List(_) | BoundTree::Map(_) => None,
                });
                match each {
                    // One element of the tree describes all values of the list.
                    Some((over, body)) => {
                        values.iter().for_each(|value| self.mask_value(body, Some(over), own, value, masks));
                    }
                    None => {
                        let pairs = list.iter().zip(values);
                        pairs.for_each(|(tree, value)| self.mask_value(tree, items, own, value, masks));
                    }
                }
            }
            _ => {}
        }
    }

    fn uses_sensitive(&self, template: &Template, items: Items<'_>) -> bool {
        template.names().iter().any(|name| self.may_be_sensitive_here(&name.path, items))
    }

    fn may_be_sensitive_here(&self, name: &[String], items: Items<'_>) -> bool {
        let Some((root, rest)) = name.split_first() else { return false };
        if *root != TopName::Item.as_str() {
            return self.may_be_sensitive(name);
        }
        let Some(items) = items else { return false };
        match items.as_name() {
            Some(list) => {
                let element = ["0".to_owned()];
                let of: Vec<String> = list.iter().chain(&element).chain(rest).cloned().collect();
                self.may_be_sensitive(&of)
            }
            None => items.names().iter().any(|name| self.may_be_sensitive(&name.path)),
        }
    }
}
