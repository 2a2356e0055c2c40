//! The compiled texts of a run: each text is compiled once.

use std::collections::HashMap;

use super::compile::{Compiled, Template, TemplateError};
use super::helpers::{HELPERS, Helper};
use super::lower;
use super::tags;

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
        let tags = tags::scan(text)?;
        let parsed = tags::parse(text, &tags)?;
        let (program, names) = lower::lower(&parsed, text, &tags, self.helpers)?;
        let template = Template::new(Compiled { text: text.to_owned(), program, names });
        self.compiled.insert(text.to_owned(), template.clone());
        Ok(template)
    }

    pub(super) fn helper(&self, index: usize) -> &'static Helper {
        &self.helpers[index]
    }
}
