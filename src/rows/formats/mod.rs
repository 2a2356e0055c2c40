//! Files of every format as records: CSV, JSON Lines, JSON arrays and XLSX workbooks, in every text encoding.

pub(super) mod csv;
mod encoding;
mod input;
pub(super) mod json;
mod kind;
mod layout;
mod unsupported;
mod xlsx;

pub use input::Input;
pub(in crate::rows) use input::{ExpectedColumns, open_reader, open_settlements};
pub use kind::FileKind;
pub(in crate::rows) use layout::RecordLayout;
