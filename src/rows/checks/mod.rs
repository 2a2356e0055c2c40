//! Checks that no single cell can fail: what spreadsheets and other programs do to cells, seen over a whole file.
//! One warning for each column and kind.

mod alike_keys;
mod cell_shape;
pub(super) mod codes;
mod column;
mod column_purpose;
pub(super) mod dates;
mod file_check;
mod finding;
pub(super) mod leftovers;
pub(super) mod numbers;
mod whole_file;

pub(in crate::rows) use alike_keys::AlikeKeys;
pub(in crate::rows) use cell_shape::CellShape;
pub(in crate::rows) use column_purpose::{ColumnPurpose, names_things};
pub(in crate::rows) use file_check::FileCheck;
pub(in crate::rows) use finding::{Finding, FoundCell, LocateFn};
pub(in crate::rows) use whole_file::{BlankRows, no_rows, note_encoding};
