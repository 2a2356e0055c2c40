//! What a step sends, as written: literals with their source text, templates, lists, maps, `$each`.

use crate::diagnostic::Span;
use crate::template::Template;
use crate::yaml::Key;

/// A part of what a step sends.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TreeKind,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub enum TreeKind {
    /// Nothing, `null` or `~`.
    Null,
    /// A scalar without templates; its type is the input's, and without one YAML's.
    Literal {
        /// Its text as in the file.
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
    /// An element of a list that stands for one element per element of another list.
    Each {
        /// The other list.
        list: Template,
        /// The element, in which `item` is the other list's.
        body: Box<Tree>,
    },
}

impl Tree {
    /// A map without entries.
    #[must_use]
    pub fn empty(span: Span) -> Self {
        Self { span, kind: TreeKind::Map(Vec::new()) }
    }

    /// The entries of a map; none of anything else.
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

    /// Every template inside, with the span of its scalar.
    #[cfg(any(test, feature = "internals"))]
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
