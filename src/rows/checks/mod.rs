//! Checks that look at a whole file: what spreadsheets and other programs do to cells. Each column gets one warning for
//! each kind.
//!
//! | folder | what it holds |
//! |---|---|
//! | `codes` | identifiers: look-alike letters, other letter forms, stray blanks, conversions |
//! | `dates` | day and month in both orders; forms that programs write |
//! | `numbers` | rounded, without leading zeros, or in forms that programs write |
//! | `leftovers` | single cells: error words, missing values, escapes, wrong encodings, cut texts |

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
