//! A compiled text, what it uses, and what can go wrong with it.

use std::fmt;
use std::sync::Arc;

use super::evaluate::Evaluation;
use super::program::{Expr, Part, Program};
use super::scope::Scope;
use super::slot::Slot;
use super::store::Templates;
use crate::diagnostic::Span;
use crate::model::Value;

/// A text compiled; cheap to clone.
#[derive(Clone)]
pub struct Template {
    compiled: Arc<Compiled>,
    slot: Slot,
}

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
    /// The name that is blank where no blank may stand: `["row", "id"]`; `None` for any other error.
    pub blank: Option<Vec<String>>,
}

impl Template {
    pub(super) fn new(compiled: Compiled) -> Self {
        Self { compiled: Arc::new(compiled), slot: Slot::Anywhere }
    }

    /// The same text where its value is put into another place.
    #[must_use]
    pub fn put_into(&self, slot: Slot) -> Self {
        Self { compiled: Arc::clone(&self.compiled), slot }
    }

    /// Where its value is put.
    pub(super) fn slot(&self) -> Slot {
        self.slot
    }

    pub(super) fn program(&self) -> &Program {
        &self.compiled.program
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// Whether it is one expression and nothing else, so that its value keeps its type.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.compiled.program, Program::Whole(_))
    }

    /// The same expression as a part of a URL that is not encoded, where it is one expression that would be.
    #[must_use]
    pub fn as_raw(&self) -> Option<String> {
        let Program::Whole(emit) = &self.compiled.program else { return None };
        let inner = self.text().trim().trim_start_matches(['{', '~']).trim_end_matches(['}', '~']).trim();
        let called = matches!(emit.expr, Expr::Call { .. });
        (!emit.raw).then(|| if called { format!("{{{{ raw ({inner}) }}}}") } else { format!("{{{{ raw {inner} }}}}") })
    }

    /// Whether it uses nothing and renders to the same text always.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.compiled.program, Program::Constant(_))
    }

    /// The column whose cell it hands on as it is: `{{ row.name }}` and nothing else.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match &self.compiled.program {
            Program::Whole(emit) => emit.expr.column(),
            Program::Constant(_) | Program::Text(_) => None,
        }
    }

    /// The columns that it joins to a text, where it does nothing else: `{{ row.a }}-{{ row.b }}`.
    #[must_use]
    pub fn joined_columns(&self) -> Option<Vec<&str>> {
        let Program::Text(parts) = &self.compiled.program else { return None };
        let joined = parts.iter().filter(|part| !matches!(part, Part::Text(_)));
        joined.map(|part| if let Part::Emit(emit) = part { emit.expr.column() } else { None }).collect()
    }

    /// The names it uses from the top; what a block brings (`this`, block parameters) is not among them.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        &self.compiled.names
    }

    /// Renders it. A name that is not there is an error wherever it stands; a value that no answer has brought yet
    /// makes the whole result [deferred](crate::model::deferred).
    ///
    /// # Errors
    /// What is missing, blank or does not fit.
    pub fn render(&self, templates: &Templates, scope: &Scope) -> Result<Value, RenderError> {
        Evaluation::new(templates, scope, self.slot).program(&self.compiled.program)
    }

    /// Looks for blanks among the parts that are known, where others wait for answers. `waits` says which names do.
    ///
    /// # Errors
    /// The first part that is blank where no blank may stand.
    pub fn check_known(
        &self,
        templates: &Templates,
        scope: &Scope,
        waits: &dyn Fn(&[String]) -> bool,
    ) -> Result<(), RenderError> {
        match (self.slot, &self.compiled.program) {
            (Slot::Url | Slot::Parameter, Program::Text(parts)) => {
                Evaluation::new(templates, scope, self.slot).known_parts(parts, waits)
            }
            (Slot::Anywhere | Slot::Url | Slot::Parameter, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.compiled.text).finish()
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.compiled.text == other.compiled.text && self.slot == other.slot
    }
}
