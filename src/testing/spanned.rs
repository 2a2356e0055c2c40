//! Scalars of a test file with their places.

use crate::playbook::Spanned;
use crate::yaml::Fields;

/// A text with its place.
pub(super) fn text(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<String>> {
    let span = fields.node(key)?.span;
    fields.text(key).map(|value| Spanned::new(value, span))
}

/// A whole number with its place.
pub(super) fn integer(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<u64>> {
    let span = fields.node(key)?.span;
    fields.integer(key).map(|value| Spanned::new(value, span))
}

/// One of several words with its place.
pub(super) fn choice<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    words: &[(&'static str, T)],
) -> Option<Spanned<T>> {
    let span = fields.node(key)?.span;
    fields.choice(key, words).map(|value| Spanned::new(value, span))
}
