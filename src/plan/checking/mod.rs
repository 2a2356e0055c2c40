//! One row against the plan, before anything is sent.

mod blank_cells;
mod proven;
#[cfg(test)]
mod proven_tests;
mod row_cells;
mod row_check;
mod row_mistakes;

pub use row_cells::Cells;
pub use row_check::{Checked, CheckedCall, InputsWanted, RowCheck};
