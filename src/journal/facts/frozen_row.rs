//! A row as it is stored in the journal: read once, with its own bytes.

use bytes::Bytes;

use crate::model::Map;

/// The version of the journal's format; readers refuse a newer one. Version 2 adds the fact that a person steered the run,
/// and the stops that follow from it.
pub const FORMAT_VERSION: u32 = 2;

/// A row frozen into the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenRow {
    /// The position in the input, from 0.
    pub position: u64,
    /// The number as in a spreadsheet, where the header is 1.
    pub number: u64,
    /// The row's key; empty if the playbook has no rows.
    pub key: String,
    /// The record's own bytes without its line end.
    pub raw: Bytes,
    /// Typed cells by column name, lists included.
    pub cells: Map,
    /// Why it is invalid and not run (`--skip-invalid`); `None` for a valid row.
    pub invalid: Option<String>,
}
