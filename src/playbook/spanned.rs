//! A value of the playbook with its place in the file.

use crate::diagnostic::Span;
use crate::yaml::Fields;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Reads the text under a key, with its place.
pub(super) fn spanned_text(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<String>> {
    let span = fields.node(key)?.span;
    fields.required_text(key).map(|text| Spanned::new(text, span))
}
