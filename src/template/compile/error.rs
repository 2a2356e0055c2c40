//! Why a text cannot be compiled.

use crate::diagnostic::Span;

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

/// An error at a place in the text.
pub(super) fn error(span: Span, message: impl Into<String>, help: Option<&str>) -> TemplateError {
    TemplateError { message: message.into(), span, help: help.map(str::to_owned) }
}
