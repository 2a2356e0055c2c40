//! The place of a rule in a provider file, for people who ask why an answer was read as it was.

use std::sync::Arc;

use crate::diagnostic::{Source, Span};

/// The place of a rule in a provider file.
#[derive(Debug, Clone)]
pub struct RulePlace {
    source: Arc<Source>,
    span: Span,
}

impl RulePlace {
    /// The place of a span in a file.
    pub(crate) fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// The file, such as `shop/provider.yaml`.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.source.place(self.span).line
    }
}
