//! A row file being read: valid rows with typed cells and lists, and errors with their places.

mod list;
mod open;
mod prior_outcomes;
mod row_file;
mod settlements;

pub use prior_outcomes::PriorOutcomes;
pub use row_file::RowFile;
pub use settlements::{SettlementCell, SettlementRow, read_settlements};
