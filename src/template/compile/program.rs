//! A compiled text as it is evaluated: names resolved to their frames, helpers to their place in the table.

use crate::diagnostic::Span;
use crate::model::Value;

/// What a text compiles to.
#[derive(Debug)]
pub(in crate::template) enum Program {
    /// The same text always.
    Constant(String),
    /// One expression, whose value keeps its type.
    Whole(Placeholder),
    /// Text with expressions and blocks in it.
    Text(Vec<TextPart>),
}

/// A part of a text.
#[derive(Debug)]
pub(in crate::template) enum TextPart {
    Text(String),
    Placeholder(Placeholder),
    If { test: Expr, wanted: bool, body: Vec<TextPart>, otherwise: Vec<TextPart> },
    Each { list: Expr, body: Vec<TextPart>, otherwise: Vec<TextPart> },
    With { value: Expr, body: Vec<TextPart>, otherwise: Vec<TextPart> },
}

/// An expression whose value is put into the text.
#[derive(Debug)]
pub(in crate::template) struct Placeholder {
    pub(in crate::template) expr: Expr,
    /// Whether it stands in a URL as it is: in three braces, or under `raw`.
    pub(in crate::template) raw: bool,
}

/// What has a value.
#[derive(Debug)]
pub(in crate::template) enum Expr {
    Literal(Value),
    NamePath(NamePath),
    Call { helper: usize, args: Vec<Expr> },
}

impl Expr {
    /// The column that it names, where it is `row.name`.
    pub(in crate::template) fn column(&self) -> Option<&str> {
        match self {
            Self::NamePath(NamePath { base: PathBase::Scope, segments, .. }) => match segments.as_slice() {
                [root, column] if root == "row" => Some(column),
                _ => None,
            },
            Self::NamePath(_) | Self::Literal(_) | Self::Call { .. } => None,
        }
    }

    /// The names that it uses.
    pub(in crate::template) fn paths<'e>(&'e self, into: &mut Vec<&'e NamePath>) {
        match self {
            Self::Literal(_) => {}
            Self::NamePath(path) => into.push(path),
            Self::Call { args, .. } => args.iter().for_each(|arg| arg.paths(into)),
        }
    }
}

/// A name: where it starts and the way from there.
#[derive(Debug)]
pub(in crate::template) struct NamePath {
    pub(in crate::template) base: PathBase,
    pub(in crate::template) segments: Vec<String>,
    /// As written, for messages.
    pub(in crate::template) written: String,
}

impl NamePath {
    /// The name at its top.
    pub(in crate::template) fn top_level(&self) -> Option<&str> {
        self.segments.first().map(String::as_str)
    }
}

/// Where a name starts. Blocks are counted outwards from the innermost, which is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::template) enum PathBase {
    Scope,
    /// What `this` is in a frame.
    This(usize),
    /// The key or number of a frame's element: `@key`, `@index`, a second block parameter.
    Key(usize),
    Index(usize),
    First(usize),
    Last(usize),
}

/// A name that a text uses, from the top: `steps.task.outputs.task_num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its parts.
    pub path: Vec<String>,
    /// Where it stands in the text.
    pub span: Span,
}
