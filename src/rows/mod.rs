//! Reads row files into typed rows with places, checks them and repairs them; lists add one-to-many rows of second files.
//!
//! The folders, ground first. A folder imports only from those listed before it and from `result_columns`.
//!
//! | folder | what it holds |
//! |---|---|
//! | `record` | one row as a format reads it, and as a typed row; the dialect of a file; the trait of all readers |
//! | `keys` | whether a row's key is new, for any number of rows |
//! | `table` | the columns of a file: its header, its typed cells, their places |
//! | `formats` | CSV, JSON, XLSX and text encodings read as records; formulas escaped |
//! | `checks` | what spreadsheets and other programs do to cells, over a whole file |
//! | `file` | a row file being read: rows, lists, outcomes of earlier runs, settled calls |
//! | `rewrite` | rows written in another dialect, or with results appended |
//! | `repair` | repairs that are provably safe, written to a new file |

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
