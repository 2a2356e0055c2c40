//! Binds inputs and settings: reports unknown inputs, and gives literals the type that their place declares.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, did_you_mean, near_miss};
use crate::model::Value;
use crate::plan::bound::BoundTree;
use crate::playbook::{Tree, TreeKind};
use crate::provider::{Input, InputKind, Operation};
use crate::template::{Destination, Template};

/// Binds the inputs of an operation, or a value that no operation declares.
pub(super) fn bind_tree(
    tree: &Tree,
    operation: Option<&Operation>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> BoundTree {
    TreeBinder { operation, slot: Destination::Anywhere, source, diagnostics }.bind(tree, &mut Vec::new())
}

/// Binds the settings of a step, which go into paths and headers.
pub(super) fn bind_settings(tree: &Tree, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> BoundTree {
    TreeBinder { operation: None, slot: Destination::Parameter, source, diagnostics }.bind(tree, &mut Vec::new())
}

struct TreeBinder<'a> {
    operation: Option<&'a Operation>,
    /// Where templates go outside an operation's inputs.
    slot: Destination,
    source: &'a Arc<Source>,
    diagnostics: &'a mut Diagnostics,
}

impl TreeBinder<'_> {
    fn bind(&mut self, tree: &Tree, path: &mut Vec<String>) -> BoundTree {
        match &tree.kind {
            TreeKind::Null => BoundTree::Constant(Value::Null, tree.span),
            TreeKind::Literal { text, plain } => self.literal(tree, path, text, *plain),
            TreeKind::Template(template) => {
                self.check_address(tree, path, template);
                BoundTree::Template(template.for_destination(self.slot(path)), tree.span)
            }
            TreeKind::List(items) => {
                path.push("[]".to_owned());
                let items = items.iter().map(|item| self.bind(item, path)).collect();
                path.pop();
                BoundTree::List(items)
            }
            TreeKind::Map(fields) => {
                let mut bound = Vec::with_capacity(fields.len());
                for (key, field) in fields {
                    path.push(key.text.clone());
                    self.check_known(key, path);
                    bound.push((key.text.clone(), self.bind(field, path)));
                    path.pop();
                }
                BoundTree::Map(bound)
            }
            TreeKind::Each { list, body } => BoundTree::Each(list.clone(), Box::new(self.bind(body, path)), tree.span),
        }
    }

    /// Where the template at a path is sent, which decides how it is encoded.
    fn slot(&self, path: &[String]) -> Destination {
        self.operation.map_or(self.slot, |operation| operation.slot(path))
    }

    /// Reports a whole path or URL in two braces: it would be encoded as one segment.
    fn check_address(&mut self, tree: &Tree, path: &[String], template: &Template) {
        let whole = self.operation.is_some_and(|operation| operation.is_whole_address(path));
        let Some(cure) = template.as_raw().filter(|_| whole) else { return };
        let message = format!("`{}` is one expression, which is encoded as one segment of a path", path.join("."));
        let help = format!("Write `\"{cure}\"` to take the value as it is.");
        let place = self.source.place(tree.span);
        self.diagnostics.push(Diagnostic::error("encoded-address", message).at(place, "this template").help(help));
    }

    /// Converts a literal to the type of its place, or reports why it does not fit.
    fn literal(&mut self, tree: &Tree, path: &[String], text: &str, plain: bool) -> BoundTree {
        let value = match self.operation {
            Some(operation) => operation.literal(path, text, plain),
            None => Ok(crate::yaml::scalar_value(text, plain)),
        };
        let value = value.unwrap_or_else(|why| {
            let place = self.source.place(tree.span);
            self.diagnostics.push(Diagnostic::error("bad-type", why).at(place, "this value"));
            Value::Null
        });
        BoundTree::Constant(value, tree.span)
    }

    /// Reports a key that is not an input at its path, and warns of an old spelling.
    fn check_known(&mut self, key: &crate::yaml::Key, path: &[String]) {
        let Some(operation) = self.operation else { return };
        if operation.input(path).is_some() {
            if let Some(advice) = operation.advice(path) {
                let message = format!("`{}` is an old spelling", key.text);
                let place = self.source.place(key.span);
                self.diagnostics.push(Diagnostic::warning("deprecated-input", message).at(place, "here").help(advice));
            }
            return;
        }
        // Below an unknown input, nothing is known; below an open one, every name is allowed.
        let above = &path[..path.len() - 1];
        if !above.is_empty() && operation.input(above).is_none_or(takes_any_field) {
            return;
        }
        let known = field_names(operation, above);
        let place = self.source.place(key.span);
        let message = format!("`{}` has no input `{}`", operation.full_name(), path.join("."));
        let diagnostic = Diagnostic::error("unknown-input", message).at(place, "not an input");
        let near = near_miss(&key.text, known.iter().copied());
        self.diagnostics.push(diagnostic.help(match near {
            Some(near) => did_you_mean(&key.text, near),
            None => format!(
                "Its inputs are {}.",
                known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        }));
    }
}

/// Whether an input accepts fields that its file does not declare.
fn takes_any_field(input: &Input) -> bool {
    matches!(input.kind, InputKind::Any | InputKind::Object { open: true, .. })
}

/// The names of the inputs declared below a path.
fn field_names<'o>(operation: &'o Operation, path: &[String]) -> Vec<&'o str> {
    let fields = match operation.input(path).map(|input| &input.kind) {
        Some(InputKind::Object { fields, .. }) => fields,
        _ if path.is_empty() => &operation.inputs,
        _ => return Vec::new(),
    };
    fields.iter().map(|field| field.name.as_str()).collect()
}
