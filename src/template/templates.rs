//! A compiled text, and the store that compiles each text once.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::compile::{Expr, Name, PathBase, Placeholder, Program, TemplateError, TextPart, compile};
use super::evaluate::{Destination, Evaluation, PrivateValues, RenderError, find_private_values, gives_private};
use super::helpers::{HELPERS, Helper};
use super::values::Scope;
use crate::model::Value;

/// A compiled text. Cheap to clone.
#[derive(Clone)]
pub struct Template {
    compiled: Arc<Compiled>,
    destination: Destination,
}

/// The result of compiling a text, shared by clones.
struct Compiled {
    text: String,
    program: Program,
    names: Vec<Name>,
}

impl Template {
    fn new(compiled: Compiled) -> Self {
        Self { compiled: Arc::new(compiled), destination: Destination::Anywhere }
    }

    /// The same template with its value put into another destination.
    #[must_use]
    pub fn for_destination(&self, destination: Destination) -> Self {
        Self { compiled: Arc::clone(&self.compiled), destination }
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// Whether the template is one expression and nothing else, so that its value keeps its type.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.compiled.program, Program::Whole(_))
    }

    /// The expression wrapped in `raw`, so that a URL takes it unencoded. `None` if the template is not a single
    /// expression, or is raw already.
    #[must_use]
    pub fn as_raw(&self) -> Option<String> {
        let Program::Whole(placeholder) = &self.compiled.program else { return None };
        let inner = self.text().trim().trim_start_matches(['{', '~']).trim_end_matches(['}', '~']).trim();
        let called = matches!(placeholder.expr, Expr::Call { .. });
        (!placeholder.raw)
            .then(|| if called { format!("{{{{ raw ({inner}) }}}}") } else { format!("{{{{ raw {inner} }}}}") })
    }

    /// Whether the template has no expressions and always renders to the same text.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.compiled.program, Program::Constant(_))
    }

    /// The column, if the template is `{{ row.column }}` and nothing else.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match &self.compiled.program {
            Program::Whole(placeholder) => placeholder.expr.column(),
            Program::Constant(_) | Program::Text(_) => None,
        }
    }

    /// The columns, if the template only joins cells and text, such as `{{ row.a }}-{{ row.b }}`.
    #[must_use]
    pub fn joined_columns(&self) -> Option<Vec<&str>> {
        let Program::Text(parts) = &self.compiled.program else { return None };
        let joined = parts.iter().filter(|part| !matches!(part, TextPart::Text(_)));
        joined
            .map(|part| if let TextPart::Placeholder(placeholder) = part { placeholder.expr.column() } else { None })
            .collect()
    }

    /// The names that the template uses from the top; `this` and block parameters are not included.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        &self.compiled.names
    }

    /// Renders the template with a scope. A value that no answer has provided yet makes the whole result
    /// [deferred](crate::model::deferred).
    ///
    /// # Errors
    /// A name is missing, a value is blank where the destination allows none, a helper refuses its values, or the text
    /// grows too large.
    pub fn render(&self, templates: &Templates, scope: &Scope) -> Result<Value, RenderError> {
        Evaluation::new(templates.helpers, scope, self.destination).render(&self.compiled.program)
    }

    /// Checks the parts of the template that are known, while other parts wait for answers. `waits` tells whether a
    /// name does. Only templates for URLs and parameters with text around their expressions are checked.
    ///
    /// # Errors
    /// The first known part that is blank or cannot be rendered.
    pub fn check_known(
        &self,
        templates: &Templates,
        scope: &Scope,
        waits: &dyn Fn(&[String]) -> bool,
    ) -> Result<(), RenderError> {
        match (self.destination, &self.compiled.program) {
            (Destination::Url | Destination::Parameter, Program::Text(parts)) => {
                Evaluation::new(templates.helpers, scope, self.destination).check_known_parts(parts, waits)
            }
            (Destination::Anywhere | Destination::Url | Destination::Parameter, _) => Ok(()),
        }
    }

    /// Whether the template, one expression, holds in this scope, as far as that can be known before the answers for
    /// which names wait; `None` if an answer decides, or if it is no single expression.
    #[must_use]
    pub fn decided(&self, templates: &Templates, scope: &Scope, waits: &dyn Fn(&[String]) -> bool) -> Option<bool> {
        let Program::Whole(placeholder) = &self.compiled.program else { return None };
        Evaluation::new(templates.helpers, scope, self.destination).decided(&placeholder.expr, waits)
    }

    /// Finds the private values in the rendered text. `is_private` tells whether a name is private.
    #[must_use]
    pub fn private_values(
        &self,
        templates: &Templates,
        scope: &Scope,
        is_private: &dyn Fn(&[String]) -> bool,
    ) -> PrivateValues {
        find_private_values(
            &self.compiled.program,
            &Evaluation::new(templates.helpers, scope, self.destination),
            is_private,
        )
    }

    /// Whether the template is one expression whose value is always private.
    #[must_use]
    pub fn gives_private(&self, templates: &Templates, is_private: &dyn Fn(&[String]) -> bool) -> bool {
        match &self.compiled.program {
            Program::Whole(placeholder) => gives_private(&placeholder.expr, templates.helpers, is_private),
            Program::Constant(_) | Program::Text(_) => false,
        }
    }

    /// The parts of the name, if the template is a single name from the top.
    #[must_use]
    pub fn as_name(&self) -> Option<&[String]> {
        match &self.compiled.program {
            Program::Whole(Placeholder { expr: Expr::Name(path), .. }) if path.base == PathBase::Scope => {
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
        self.compiled.text == other.compiled.text && self.destination == other.destination
    }
}

/// Compiles texts and keeps them; holds the table of helpers.
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
    /// An empty store with all helpers of the language.
    #[must_use]
    pub fn new() -> Self {
        Self { compiled: HashMap::new(), helpers: HELPERS }
    }

    /// Compiles a text, or returns the template of the same text compiled before.
    ///
    /// # Errors
    /// The text is not a valid template; the error says what is wrong and where.
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
