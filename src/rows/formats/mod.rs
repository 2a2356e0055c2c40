//! Reads files of every format as records.
//!
//! | folder | what it holds |
//! |---|---|
//! | `encoding` | text encodings: detected, decoded, and the text of one record at a time |
//! | `csv` | records between delimiters; formulas escaped |
//! | `json` | JSON Lines and JSON arrays |
//! | `xlsx` | workbooks, each row as a line of CSV |

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
