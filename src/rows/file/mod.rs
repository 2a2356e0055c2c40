//! A row file being read: rows out with typed cells and lists, mistakes with their places.

mod list;
mod open;
mod prior_outcomes;
mod row_file;
mod settlements;

pub use prior_outcomes::PriorOutcomes;
pub use row_file::RowFile;
pub use settlements::{SettlementCell, SettlementRow, read_settlements};
