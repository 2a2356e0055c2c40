//! A value of a playbook with templates inside, and functions that walk it.

use crate::diagnostic::Span;
use crate::model::Value;
use crate::template::Template;

/// A value with templates inside; its literals already have the type that their place declares.
#[derive(Debug, Clone)]
pub enum BoundTree {
    /// A literal of the playbook.
    Constant(Value, Span),
    /// A text with templates, rendered for each row.
    Template(Template, Span),
    /// A list; an [`Each`](Self::Each) in it stands for any number of elements.
    List(Vec<BoundTree>),
    /// An object, its fields in the order of the playbook.
    Map(Vec<(String, BoundTree)>),
    /// `$each`: one element of the surrounding list for each element of the list that the template gives.
    Each(Template, Box<BoundTree>, Span),
}

impl BoundTree {
    /// Calls `each` with every template inside.
    pub fn each_template(&self, each: &mut dyn FnMut(&Template)) {
        match self {
            Self::Constant(..) => {}
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

impl BoundTree {
    /// The names of an object's fields; empty for any other value.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Map(fields) => fields.iter().map(|(name, _)| name.as_str()).collect(),
            Self::Constant(Value::Object(fields), _) => fields.keys().map(String::as_str).collect(),
            Self::Constant(..) | Self::Template(..) | Self::List(_) | Self::Each(..) => Vec::new(),
        }
    }
}

/// The value of a tree; `None` if a template is inside.
pub(in crate::plan) fn whole(tree: &BoundTree) -> Option<Value> {
    match tree {
        BoundTree::Constant(value, _) => Some(value.clone()),
        BoundTree::List(items) => items.iter().map(whole).collect::<Option<Vec<Value>>>().map(Value::Array),
        BoundTree::Map(fields) => {
            let fields = fields.iter().map(|(name, field)| Some((name.clone(), whole(field)?)));
            fields.collect::<Option<_>>().map(Value::Object)
        }
        BoundTree::Template(..) | BoundTree::Each(..) => None,
    }
}

/// Calls `each` with every template inside, and its place.
pub(super) fn with_spans(tree: &BoundTree, each: &mut dyn FnMut(&Template, Span)) {
    match tree {
        BoundTree::Constant(..) => {}
        BoundTree::Template(template, span) => each(template, *span),
        BoundTree::List(items) => items.iter().for_each(|item| with_spans(item, each)),
        BoundTree::Map(fields) => fields.iter().for_each(|(_, field)| with_spans(field, each)),
        BoundTree::Each(list, body, span) => {
            each(list, *span);
            with_spans(body, each);
        }
    }
}
