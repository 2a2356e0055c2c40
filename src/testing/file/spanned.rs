//! Scalars of a test file with their places.

use crate::language::Fields;
use crate::model::Word;
use crate::playbook::Spanned;

/// A text with its place.
pub(in crate::testing) fn text(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<String>> {
    let span = fields.node(key)?.span;
    fields.text(key).map(|value| Spanned::new(value, span))
}

/// A whole number with its place.
pub(in crate::testing) fn integer(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<u64>> {
    let span = fields.node(key)?.span;
    fields.integer(key).map(|value| Spanned::new(value, span))
}

/// One of the words of `T` that may stand here, with its place.
pub(in crate::testing) fn choice<T: Word>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    may_stand: impl Fn(T) -> bool,
) -> Option<Spanned<T>> {
    let span = fields.node(key)?.span;
    fields.choice_among(key, may_stand).map(|value| Spanned::new(value, span))
}
