//! One row of a file: as a format reads it, and typed.

mod cells;
mod dialect;
mod problem;
mod reader;
mod row;

pub(in crate::rows) use cells::{CellSpan, MemberKind, Record, unescaped};
pub use dialect::{Dialect, LineEnd, RowFormat};
pub(in crate::rows) use problem::{
    LINE, LONGEST_RECORD, MOST_COLUMNS, READS, ReadError, RecordProblem, at_quote, line_at, other_format, too_long,
    unreadable,
};
pub(in crate::rows) use reader::Reader;
pub use row::{Column, InvalidRow, ListColumns, Reading, Row};
