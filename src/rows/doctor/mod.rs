//! What spreadsheets do to cells, seen over a whole file: one warning for each column and kind of harm.

mod column;
mod dates;
mod finding;
mod full_width;
mod look;
mod named;
mod rounded;
mod shape;
mod small;
mod stray;
mod zeros;

pub(super) use finding::Found;
pub(super) use full_width::narrowed;
pub(super) use look::Doctor;
pub(super) use named::names_things;
pub(super) use shape::Shape;
pub(super) use stray::is_unseen;
pub(super) use zeros::Zeros;
