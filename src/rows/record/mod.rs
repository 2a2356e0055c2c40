//! One row of a file: as a format reads it, and as a typed row.

mod cells;
mod dialect;
mod problem;
mod reader;
mod row;

pub(in crate::rows) use cells::{CellSpan, MemberKind, Record, unescaped};
pub use dialect::{Dialect, LineEnd, RowFormat};
pub(in crate::rows) use problem::{
    ENCODING_LINE, LONGEST_RECORD, MOST_COLUMNS, READING_MARK, ReadError, RecordProblem, line_at,
};
pub(in crate::rows) use reader::RecordReader;
pub use row::{Column, InvalidRow, ListColumns, Reading, Row};
