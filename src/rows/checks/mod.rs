//! Checks that no single cell can fail: what spreadsheets and other programs do to cells, seen over a whole file.
//! One warning for each column and kind.

mod alike_keys;
mod blank_rows;
mod cell_shape;
pub(super) mod codes;
mod column;
mod column_purpose;
pub(super) mod dates;
mod file_check;
mod finding;
pub(super) mod leftovers;
mod named;
pub(super) mod numbers;

pub(in crate::rows) use alike_keys::AlikeKeys;
pub(in crate::rows) use blank_rows::BlankRows;
pub(in crate::rows) use cell_shape::Shape;
pub(in crate::rows) use column_purpose::Head;
pub(in crate::rows) use file_check::Doctor;
pub(in crate::rows) use finding::{Finding, Found, Spot};
pub(in crate::rows) use named::names_things;
