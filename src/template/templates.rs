//! A compiled text with what it uses, and the store in which each text is compiled once.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::compile::{Expr, Name, PathBase, Placeholder, Program, TemplateError, TextPart, compile};
use super::evaluate::{Destination, Evaluation, PrivateValues, RenderError, gives_private, trace};
use super::helpers::{HELPERS, Helper};
use super::values::Scope;
use crate::model::Value;

/// A text compiled; cheap to clone.
#[derive(Clone)]
pub struct Template {
    compiled: Arc<Compiled>,
    slot: Destination,
}

/// What compiling a text brought.
struct Compiled {
    text: String,
    program: Program,
    names: Vec<Name>,
}

impl Template {
    fn new(compiled: Compiled) -> Self {
        Self { compiled: Arc::new(compiled), slot: Destination::Anywhere }
    }

    /// The same text where its value is put into another place.
    #[must_use]
    pub fn for_destination(&self, slot: Destination) -> Self {
        Self { compiled: Arc::clone(&self.compiled), slot }
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
        let Program::Whole(placeholder) = &self.compiled.program else { return None };
        let inner = self.text().trim().trim_start_matches(['{', '~']).trim_end_matches(['}', '~']).trim();
        let called = matches!(placeholder.expr, Expr::Call { .. });
        (!placeholder.raw)
            .then(|| if called { format!("{{{{ raw ({inner}) }}}}") } else { format!("{{{{ raw {inner} }}}}") })
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
            Program::Whole(placeholder) => placeholder.expr.column(),
            Program::Constant(_) | Program::Text(_) => None,
        }
    }

    /// The columns that it joins to a text, where it does nothing else: `{{ row.a }}-{{ row.b }}`.
    #[must_use]
    pub fn joined_columns(&self) -> Option<Vec<&str>> {
        let Program::Text(parts) = &self.compiled.program else { return None };
        let joined = parts.iter().filter(|part| !matches!(part, TextPart::Text(_)));
        joined
            .map(|part| if let TextPart::Placeholder(placeholder) = part { placeholder.expr.column() } else { None })
            .collect()
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
        Evaluation::new(templates.helpers, scope, self.slot).program(&self.compiled.program)
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
            (Destination::Url | Destination::Parameter, Program::Text(parts)) => {
                Evaluation::new(templates.helpers, scope, self.slot).known_parts(parts, waits)
            }
            (Destination::Anywhere | Destination::Url | Destination::Parameter, _) => Ok(()),
        }
    }

    /// What it makes of names that `is_private` says are private, as far as it can be rendered.
    #[must_use]
    pub fn private_values(
        &self,
        templates: &Templates,
        scope: &Scope,
        is_private: &dyn Fn(&[String]) -> bool,
    ) -> PrivateValues {
        trace(&self.compiled.program, &Evaluation::new(templates.helpers, scope, self.slot), is_private)
    }

    /// Whether it is one expression that gives nothing but what is private.
    #[must_use]
    pub fn gives_private(&self, templates: &Templates, is_private: &dyn Fn(&[String]) -> bool) -> bool {
        match &self.compiled.program {
            Program::Whole(placeholder) => gives_private(&placeholder.expr, templates.helpers, is_private),
            Program::Constant(_) | Program::Text(_) => false,
        }
    }

    /// The name that it is, where it is a single one.
    #[must_use]
    pub fn as_name(&self) -> Option<&[String]> {
        match &self.compiled.program {
            Program::Whole(Placeholder { expr: Expr::NamePath(path), .. }) if path.base == PathBase::Scope => {
                Some(&path.segments)
            }
            Program::Whole(_) | Program::Constant(_) | Program::Text(_) => None,
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

/// Compiles texts, keeps them, and knows the helpers they call.
#[derive(Debug, Clone)]
pub struct Templates {
    compiled: HashMap<String, Template>,
    helpers: &'static [Helper],
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

impl Templates {
    /// A store with the language's helpers and no text yet.
    #[must_use]
    pub fn new() -> Self {
        Self { compiled: HashMap::new(), helpers: HELPERS }
    }

    /// Compiles a text; the same text is compiled once.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn compile(&mut self, text: &str) -> Result<Template, TemplateError> {
        if let Some(known) = self.compiled.get(text) {
            return Ok(known.clone());
        }
        let (program, names) = compile(text, self.helpers)?;
        let template = Template::new(Compiled { text: text.to_owned(), program, names });
        self.compiled.insert(text.to_owned(), template.clone());
        Ok(template)
    }
}
