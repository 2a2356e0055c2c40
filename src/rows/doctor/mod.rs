//! What spreadsheets and other programs do to cells, seen over a whole file: one warning for each column and kind of harm.

mod changed;
mod column;
mod cut;
mod dates;
mod days;
mod escaped;
mod finding;
mod full_width;
mod garbled;
mod head;
mod look;
mod look_alike;
mod marks;
mod named;
mod numbers;
mod rounded;
mod shape;
mod small;
mod stray;
mod words;
mod zeros;

pub(super) use finding::Found;
pub(super) use full_width::narrowed;
pub(super) use head::Head;
pub(super) use look::Doctor;
pub(super) use marks::{formula, text_marked, unquoted};
pub(super) use named::names_things;
pub(super) use numbers::{Numbers, whole};
pub(super) use shape::Shape;
pub(super) use stray::{is_unseen, untabbed};
pub(super) use zeros::Zeros;
