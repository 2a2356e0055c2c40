//! Row files to typed rows with places; one-to-many lists.

mod blank_rows;
mod cite;
mod csv;
mod decoded;
mod dialect;
mod doctor;
mod fed_back;
mod file;
mod filled;
mod flaws;
mod foreign;
mod format;
mod guess;
mod input;
mod json;
mod keys;
mod list;
mod mend;
mod open;
mod recode;
mod record;
mod record_text;
mod result_columns;
mod row;
mod scratch;
mod sniff;
mod spilled;
mod table;
#[cfg(test)]
mod tests;
mod widened;
mod window;
mod xlsx;

pub use dialect::{Dialect, LineEnd, RowFormat};
pub use fed_back::FedBack;
pub use file::RowFile;
pub use filled::{FilledCell, FilledRow, read_filled};
pub use format::FileKind;
pub use input::Input;
pub(crate) use json::insert_members;
pub use keys::Keys;
pub(crate) use keys::no_scratch;
pub use mend::{Change, MendSpec, Mended, Rule, Sample, Unmended, mend};
pub use result_columns::{COLUMNS, ResultColumn, is_row_file};
pub use row::{Column, InvalidRow, ListColumns, Reading, Row};
pub use widened::Widened;
