//! What spreadsheets do to cells, seen over a whole file: one warning for each column and kind of harm.

mod column;
mod dates;
mod finding;
mod full_width;
mod look;
mod named;
mod rounded;
mod shape;
mod stray;
mod zeros;

pub(super) use look::Doctor;
