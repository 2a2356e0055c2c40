//! Row files to typed rows with places; one-to-many lists.

mod checks;
mod file;
mod formats;
mod keys;
mod record;
mod repair;
mod result_columns;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

pub use file::{PriorOutcomes, RowFile, SettlementCell, SettlementRow, read_settlements};
pub(crate) use formats::csv::escape_formula;
pub(crate) use formats::json::insert_members;
pub use formats::{FileKind, Input};
pub use keys::KeyIndex;
pub(crate) use keys::no_scratch;
pub use record::{Column, Dialect, InvalidRow, LineEnd, ListColumns, Reading, Row, RowFormat};
pub use repair::{Repair, RepairError, RepairRule, RepairSpec, RepairSummary, RepairedCell, repair_file};
pub use result_columns::{COLUMNS, ResultColumn, is_row_file};
pub use rewrite::ResultAppender;
