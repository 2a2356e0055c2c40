//! Identifiers that programs or keyboards changed: look-alike letters, other letter forms, stray blanks, conversions.

mod changed;
mod letter_forms;
mod look_alike;
mod stray;

pub(super) use changed::ChangedCodes;
pub(in crate::rows) use letter_forms::narrowed;
pub(super) use letter_forms::{FullWidthCodes, SmallLetters};
pub(super) use look_alike::LookAlikeLetters;
pub(super) use stray::StrayCharacters;
pub(in crate::rows) use stray::{is_unseen, untabbed};
