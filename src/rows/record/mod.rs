//! One row of a file: as a format reads it, and typed.

mod cells;
mod dialect;
mod row;

pub(in crate::rows) use cells::{Cell, Flaw, Layout, ReadError, Reader, Record};
pub use dialect::{Dialect, LineEnd, RowFormat};
pub use row::{Column, InvalidRow, ListColumns, Reading, Row};
