//! Codes that programs or keyboards have changed: other letters, stray blanks, dates and truth values made of them.

mod changed;
mod letter_forms;
mod look_alike;
mod small;
mod stray;

pub(super) use changed::Changed;
pub(super) use letter_forms::FullWidth;
pub(in crate::rows) use letter_forms::narrowed;
pub(super) use look_alike::LookAlike;
pub(super) use small::Small;
pub(super) use stray::Stray;
pub(in crate::rows) use stray::{is_unseen, untabbed};
