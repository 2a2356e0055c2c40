//! Finds the part of a value that a message is about, and the columns that its templates use.

use super::tree::BoundTree;
use crate::diagnostic::Span;
use crate::template::Template;

/// The columns that a template names, in its order.
pub(in crate::plan) fn columns_of(template: &Template) -> impl Iterator<Item = &str> {
    template.names().iter().filter_map(|name| match name.path.as_slice() {
        [root, column, ..] if root == "row" => Some(column.as_str()),
        _ => None,
    })
}

/// Whether a template names `row` or `item`, so that its value may differ by row.
pub(in crate::plan) fn depends_on_row(template: &Template) -> bool {
    template.names().iter().any(|name| name.path.first().is_some_and(|root| root == "row" || root == "item"))
}

/// The place of the leaf at a path inside `with`, and its template if it has one; `None` if there is no such path.
pub(in crate::plan) fn leaf_at<'t>(tree: &'t BoundTree, path: &[String]) -> Option<(Span, Option<&'t Template>)> {
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

/// The first cell that the value at a path is made from: a column, or `list.index.column` for an element of a list.
/// `None` if no cell is used.
pub(in crate::plan) fn cell_at(tree: &BoundTree, path: &[String]) -> Option<String> {
    let (part, element) = part_at(tree, path, None)?;
    let mut templates = Vec::new();
    templates_of(part, &mut templates);
    let own = templates.iter().find_map(|template| columns_of(template).next().map(str::to_owned));
    own.or_else(|| {
        let (list, index) = element?;
        let mut names = templates.iter().flat_map(|template| template.names());
        let field = names.find_map(|name| match name.path.as_slice() {
            [root, field, ..] if root == "item" => Some(field),
            _ => None,
        })?;
        Some(format!("{list}.{index}.{field}"))
    })
}

/// Whether the value at a path may differ by row.
pub(in crate::plan) fn varies_at(tree: &BoundTree, path: &[String]) -> bool {
    let mut templates = Vec::new();
    if let Some((part, _)) = part_at(tree, path, None) {
        templates_of(part, &mut templates);
    }
    templates.into_iter().any(depends_on_row)
}

/// The column of a list, and the index of an element in it.
type Element<'t> = (&'t str, &'t str);

/// The part of a tree at a path, or the template that everything below it comes from, and the list element around it.
fn part_at<'t>(
    tree: &'t BoundTree,
    path: &'t [String],
    element: Option<Element<'t>>,
) -> Option<(&'t BoundTree, Option<Element<'t>>)> {
    let Some((first, rest)) = path.split_first() else { return Some((tree, element)) };
    match tree {
        BoundTree::Template(..) | BoundTree::Constant(..) => Some((tree, element)),
        BoundTree::Each(_, body, _) => part_at(body, path, element),
        BoundTree::Map(fields) => {
            let (_, field) = fields.iter().find(|(name, _)| name == first)?;
            part_at(field, rest, element)
        }
        BoundTree::List(items) => match items.as_slice() {
            [BoundTree::Each(list, body, _)] => {
                part_at(body, rest, columns_of(list).next().map(|list| (list, first.as_str())))
            }
            [only] => part_at(only, rest, element),
            items => part_at(items.get(first.parse::<usize>().ok()?)?, rest, element),
        },
    }
}

/// Collects the templates of a tree.
fn templates_of<'t>(tree: &'t BoundTree, into: &mut Vec<&'t Template>) {
    match tree {
        BoundTree::Constant(..) => {}
        BoundTree::Template(template, _) => into.push(template),
        BoundTree::List(items) => items.iter().for_each(|item| templates_of(item, into)),
        BoundTree::Map(fields) => fields.iter().for_each(|(_, field)| templates_of(field, into)),
        BoundTree::Each(list, body, _) => {
            into.push(list);
            templates_of(body, into);
        }
    }
}

/// The template at a place of the playbook.
pub(in crate::plan) fn template_at(tree: &BoundTree, span: Span) -> Option<&Template> {
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
