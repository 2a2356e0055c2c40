//! The shape of a body, and values with names in them.

use super::expressions::{KnownNames, expression_of};
use crate::diagnostic::near_miss;
use crate::language::Fields;
use crate::language::operation::INPUTS_IN_BODY;
use crate::provider::descriptor::{BodyField, BodyTemplate};
use crate::provider::expression::ValueTemplate;
use crate::yaml::{Node, NodeKind};

/// The deepest nesting of a body.
const DEEPEST: usize = 32;

/// Reads a body; `$inputs: all`, or a list of names, stands for inputs as fields of the object around it.
pub(crate) fn shape(fields: &mut Fields<'_, '_>, node: &Node, known: KnownNames<'_>) -> Option<BodyTemplate> {
    shape_at(fields, node, known, 0)
}

fn shape_at(fields: &mut Fields<'_, '_>, node: &Node, known: KnownNames<'_>, depth: usize) -> Option<BodyTemplate> {
    if depth > DEEPEST {
        fields.error("bad-value", node.span, "The body is nested too deep", None);
        return None;
    }
    match &node.kind {
        NodeKind::Scalar { text, .. } if text.contains("{{") => {
            expression_of(fields, node, Some(known)).map(BodyTemplate::Value)
        }
        NodeKind::Scalar { .. } => Some(BodyTemplate::Constant(node.to_value())),
        NodeKind::List(items) => items
            .iter()
            .map(|item| shape_at(fields, item, known, depth + 1))
            .collect::<Option<_>>()
            .map(BodyTemplate::List),
        NodeKind::Map(entries) => {
            let read = |(key, node): &(crate::yaml::Key, Node)| {
                if key.text == INPUTS_IN_BODY.name {
                    inputs(fields, node, known)
                } else {
                    Some(BodyField::Field(key.text.clone(), shape_at(fields, node, known, depth + 1)?))
                }
            };
            entries.iter().map(read).collect::<Option<_>>().map(BodyTemplate::Object)
        }
    }
}

fn inputs(fields: &mut Fields<'_, '_>, node: &Node, known: KnownNames<'_>) -> Option<BodyField> {
    let items = match &node.kind {
        NodeKind::Scalar { text, .. } if text == "all" => return Some(BodyField::Inputs(None)),
        NodeKind::List(items) => items,
        NodeKind::Scalar { .. } | NodeKind::Map(_) => {
            fields.error("bad-value", node.span, "`$inputs` is `all` or a list of inputs", None);
            return None;
        }
    };
    let mut names = Vec::new();
    for item in items {
        let name = item.as_text().unwrap_or_default();
        if known.inputs.iter().any(|input| input.name == name) {
            names.push(name.to_owned());
        } else {
            let near = near_miss(name, known.inputs.iter().map(|input| input.name.as_str()));
            let help = near.map(|near| format!("Did you mean `{near}`?"));
            fields.error("unknown-name", item.span, format!("`{name}` is no input"), help);
        }
    }
    Some(BodyField::Inputs(Some(names)))
}

/// Reads a value with names in it.
pub(crate) fn written(
    fields: &mut Fields<'_, '_>,
    node: &Node,
    known: Option<KnownNames<'_>>,
) -> Option<ValueTemplate> {
    match &node.kind {
        NodeKind::Scalar { text, .. } if text.contains("{{") => {
            expression_of(fields, node, known).map(ValueTemplate::Value)
        }
        NodeKind::Scalar { .. } => Some(ValueTemplate::Constant(node.to_value())),
        NodeKind::List(items) => {
            items.iter().map(|item| written(fields, item, known)).collect::<Option<_>>().map(ValueTemplate::List)
        }
        NodeKind::Map(entries) => {
            let read = |(key, node): &(crate::yaml::Key, Node)| Some((key.text.clone(), written(fields, node, known)?));
            entries.iter().map(read).collect::<Option<_>>().map(ValueTemplate::Object)
        }
    }
}

/// The map of names to values with names in them, under a key.
pub(crate) fn written_map(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: Option<KnownNames<'_>>,
) -> Vec<(String, ValueTemplate)> {
    let entries = fields.map(key).unwrap_or_default();
    let read = |(key, node): &(crate::yaml::Key, Node)| Some((key.text.clone(), written(fields, node, known)?));
    entries.iter().filter_map(read).collect()
}
