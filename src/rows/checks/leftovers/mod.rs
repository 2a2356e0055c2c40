//! What programs leave in cells: error words, words for missing values, escapes, texts in a wrong encoding.

mod damaged;
mod escaped;
mod kinds;
mod words;

pub(super) use damaged::CutTexts;
pub(super) use kinds::Leftovers;
pub(in crate::rows) use kinds::{formula, text_marked, unquoted};
pub(super) use words::is_total;
