//! A compiled text, what it uses, and what can go wrong with it.

use std::fmt;
use std::sync::Arc;

use super::evaluate::Evaluation;
use super::program::{Part, Program};
use super::scope::Scope;
use super::store::Templates;
use crate::diagnostic::Span;
use crate::model::Value;

/// A text compiled; cheap to clone.
#[derive(Clone)]
pub struct Template(Arc<Compiled>);

/// What compiling a text brought.
pub(super) struct Compiled {
    pub(super) text: String,
    pub(super) program: Program,
    pub(super) names: Vec<Name>,
}

/// A name that a text uses, from the top: `steps.task.outputs.task_num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its parts.
    pub path: Vec<String>,
    /// Where it stands in the text.
    pub span: Span,
}

/// Why a text cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// One sentence.
    pub message: String,
    /// Where in the text.
    pub span: Span,
    /// What to do.
    pub help: Option<String>,
}

/// Why a text cannot be rendered with the values given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RenderError {
    /// One sentence.
    pub message: String,
}

impl Template {
    pub(super) fn new(compiled: Compiled) -> Self {
        Self(Arc::new(compiled))
    }

    pub(super) fn program(&self) -> &Program {
        &self.0.program
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether it is one expression and nothing else, so that its value keeps its type.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.0.program, Program::Whole(_))
    }

    /// Whether it uses nothing and renders to the same text always.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.0.program, Program::Constant(_))
    }

    /// The column whose cell it hands on as it is: `{{ row.name }}` and nothing else.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match &self.0.program {
            Program::Whole(expr) => expr.column(),
            Program::Constant(_) | Program::Text(_) => None,
        }
    }

    /// The columns that it joins to a text, where it does nothing else: `{{ row.a }}-{{ row.b }}`.
    #[must_use]
    pub fn joined_columns(&self) -> Option<Vec<&str>> {
        let Program::Text(parts) = &self.0.program else { return None };
        let joined = parts.iter().filter(|part| !matches!(part, Part::Text(_)));
        joined.map(|part| if let Part::Emit(expr) = part { expr.column() } else { None }).collect()
    }

    /// The names it uses from the top; what a block brings (`this`, block parameters) is not among them.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        &self.0.names
    }

    /// Renders it. A name that is not there is an error wherever it stands; a value that no answer has brought yet
    /// makes the whole result [deferred](crate::model::deferred).
    ///
    /// # Errors
    /// What is missing or does not fit.
    pub fn render(&self, templates: &Templates, scope: &Scope) -> Result<Value, RenderError> {
        Evaluation::new(templates, scope).program(&self.0.program).map_err(|message| RenderError { message })
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.0.text).finish()
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}
