//! A value of the playbook with its span in the file.

use crate::diagnostic::Span;
use crate::language::Fields;

/// A value with its span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The span in the file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Makes a value with its span.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Reads the text under a key, with its span. An empty text is reported and gives `None`.
pub(super) fn spanned_text(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<String>> {
    let span = fields.node(key)?.span;
    fields.required_text(key).map(|text| Spanned::new(text, span))
}
