//! The values that a step sends, as written: literals with their source text, templates, lists, maps, `$each`.

use crate::diagnostic::Span;
use crate::template::Template;
use crate::yaml::Key;

/// A value that a step sends, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The span in the playbook.
    pub span: Span,
    /// The kind of the value with its content.
    pub kind: TreeKind,
}

/// The kind of a value with its content.
#[derive(Debug, Clone, PartialEq)]
pub enum TreeKind {
    /// Null: nothing, `null` or `~`.
    Null,
    /// A scalar without templates. The input decides about its type, else YAML.
    Literal {
        /// The text as written in the file.
        text: String,
        /// Whether it was written without quotes.
        plain: bool,
    },
    /// A text with templates.
    Template(Template),
    /// A list.
    List(Vec<Tree>),
    /// A map.
    Map(Vec<(Key, Tree)>),
    /// An element that is repeated for each element of another list (`$each`).
    Each {
        /// The other list.
        list: Template,
        /// The element to repeat, in which `item` is the element of the other list.
        body: Box<Tree>,
    },
}

impl Tree {
    /// A map without entries.
    #[must_use]
    pub fn empty(span: Span) -> Self {
        Self { span, kind: TreeKind::Map(Vec::new()) }
    }

    /// The entries of a map; empty for any other kind.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn entries(&self) -> &[(Key, Tree)] {
        match &self.kind {
            TreeKind::Map(entries) => entries,
            TreeKind::Null
            | TreeKind::Literal { .. }
            | TreeKind::Template(_)
            | TreeKind::List(_)
            | TreeKind::Each { .. } => &[],
        }
    }

    /// Calls `visit` with every template inside and the span of its scalar.
    pub fn each_template<'t>(&'t self, visit: &mut dyn FnMut(&'t Template, Span)) {
        match &self.kind {
            TreeKind::Null | TreeKind::Literal { .. } => {}
            TreeKind::Template(template) => visit(template, self.span),
            TreeKind::List(items) => items.iter().for_each(|item| item.each_template(visit)),
            TreeKind::Map(entries) => entries.iter().for_each(|(_, tree)| tree.each_template(visit)),
            TreeKind::Each { list, body } => {
                visit(list, self.span);
                body.each_template(visit);
            }
        }
    }
}
