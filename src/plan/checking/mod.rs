//! Checks a row against the plan, before anything is sent.

mod blank_cells;
mod column_proofs;
#[cfg(test)]
mod column_proofs_tests;
mod row_cells;
mod row_check;
mod row_mistakes;

pub use row_cells::RowCells;
pub use row_check::{CheckedCall, CheckedRow, InputsWanted, RowCheck};
