//! Why a text cannot be compiled, and where.

use crate::diagnostic::Span;

/// Why a text cannot be compiled, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where in the text, in bytes.
    pub span: Span,
    /// What to do about it; `None` if the message says it.
    pub help: Option<String>,
}

/// Makes an error at a span of the text.
pub(super) fn error(span: Span, message: impl Into<String>, help: Option<&str>) -> TemplateError {
    TemplateError { message: message.into(), span, help: help.map(str::to_owned) }
}
