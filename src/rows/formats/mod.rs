//! Files of every format as records: CSV, JSON Lines, JSON arrays and XLSX workbooks, in every text encoding.

pub(super) mod csv;
pub(super) mod encoding;
mod input;
pub(super) mod json;
mod kind;
mod problems;
mod unsupported;
pub(super) mod xlsx;

pub use input::Input;
pub(in crate::rows) use input::{Expected, no_rows, note_encoding, open_filled, open_reader, report};
pub use kind::FileKind;
pub(in crate::rows) use problems::{other_format, too_long};
