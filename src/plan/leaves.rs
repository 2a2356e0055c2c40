//! Finding the leaf of a bound tree that a message is about, and the columns that a template uses.

use super::bound::BoundTree;
use crate::diagnostic::Span;
use crate::template::Template;

/// The columns that a template uses.
pub(super) fn columns_of(template: &Template) -> impl Iterator<Item = &str> {
    template.names().iter().filter_map(|name| match name.path.as_slice() {
        [root, column, ..] if root == "row" => Some(column.as_str()),
        _ => None,
    })
}

/// Whether it gives something else for another row.
pub(super) fn depends_on_row(template: &Template) -> bool {
    template.names().iter().any(|name| name.path.first().is_some_and(|root| root == "row" || root == "item"))
}

/// The leaf at a path inside `with`: where it stands, and its template where it is one.
pub(super) fn leaf_at<'t>(tree: &'t BoundTree, path: &[String]) -> Option<(Span, Option<&'t Template>)> {
    match tree {
        BoundTree::Template(template, span) => Some((*span, Some(template))),
        BoundTree::Constant(_, span) => Some((*span, None)),
        BoundTree::Each(_, body, span) => leaf_at(body, path).or(Some((*span, None))),
        BoundTree::Map(fields) => {
            let (first, rest) = path.split_first()?;
            fields.iter().find(|(name, _)| name == first).and_then(|(_, field)| leaf_at(field, rest))
        }
        BoundTree::List(items) => {
            let (first, rest) = path.split_first()?;
            let place = first.parse::<usize>().ok();
            match items.as_slice() {
                [only] => leaf_at(only, rest),
                items => place.and_then(|place| items.get(place)).and_then(|item| leaf_at(item, rest)),
            }
        }
    }
}

/// The template that stands at a place.
pub(super) fn template_at(tree: &BoundTree, span: Span) -> Option<&Template> {
    match tree {
        BoundTree::Constant(..) => None,
        BoundTree::Template(template, at) => (*at == span).then_some(template),
        BoundTree::List(items) => items.iter().find_map(|item| template_at(item, span)),
        BoundTree::Map(fields) => fields.iter().find_map(|(_, field)| template_at(field, span)),
        BoundTree::Each(list, body, at) => {
            if *at == span {
                Some(list)
            } else {
                template_at(body, span)
            }
        }
    }
}
