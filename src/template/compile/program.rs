//! A compiled text in the form that is evaluated: names have their base, helpers their index in the table.

use crate::diagnostic::Span;
use crate::model::Value;

/// A compiled text.
#[derive(Debug)]
pub(in crate::template) enum Program {
    /// A text without expressions.
    Constant(String),
    /// One expression and nothing else; its value keeps its type.
    Whole(Placeholder),
    /// A text with expressions or blocks.
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

/// An expression whose value is inserted into the text: `{{ … }}`.
#[derive(Debug)]
pub(in crate::template) struct Placeholder {
    pub(in crate::template) expr: Expr,
    /// Whether a URL takes it unencoded: in three braces, or with the helper `raw`.
    pub(in crate::template) raw: bool,
}

/// An expression.
#[derive(Debug)]
pub(in crate::template) enum Expr {
    Literal(Value),
    Name(NamePath),
    Call { helper: usize, args: Vec<Expr> },
}

impl Expr {
    /// The column, if the expression is `row.column`.
    pub(in crate::template) fn column(&self) -> Option<&str> {
        match self {
            Self::Name(NamePath { base: PathBase::Scope, segments, .. }) => match segments.as_slice() {
                [root, column] if root == "row" => Some(column),
                _ => None,
            },
            Self::Name(_) | Self::Literal(_) | Self::Call { .. } => None,
        }
    }

    /// Adds the names that the expression uses to `into`.
    pub(in crate::template) fn paths<'e>(&'e self, into: &mut Vec<&'e NamePath>) {
        match self {
            Self::Literal(_) => {}
            Self::Name(path) => into.push(path),
            Self::Call { args, .. } => args.iter().for_each(|arg| arg.paths(into)),
        }
    }
}

/// A name: its base and the segments from there.
#[derive(Debug)]
pub(in crate::template) struct NamePath {
    pub(in crate::template) base: PathBase,
    pub(in crate::template) segments: Vec<String>,
    /// The name as written, for messages.
    pub(in crate::template) written: String,
}

impl NamePath {
    /// The first segment.
    pub(in crate::template) fn top_level(&self) -> Option<&str> {
        self.segments.first().map(String::as_str)
    }
}

/// Where a name starts. The numbers count blocks outwards from the innermost, which is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::template) enum PathBase {
    Scope,
    /// The element of the block.
    This(usize),
    /// The key or index of the block's element: `@key`, or a second block parameter.
    Key(usize),
    Index(usize),
    First(usize),
    Last(usize),
}

/// A name that a text uses from the top, such as `steps.task.outputs.task_num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The parts of the name.
    pub path: Vec<String>,
    /// Its span in the text.
    pub span: Span,
}
