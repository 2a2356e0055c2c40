//! A row as it stands in the journal; its cells are unpacked only when they are asked for.

use bytes::Bytes;
use rusqlite::Row;
use rusqlite::types::FromSqlError;

use crate::io::journal::format::JournalError;
use crate::io::journal::format::cells;
use crate::journal::FrozenRow;
use crate::model::Map;

/// A row borrowed from the journal.
#[derive(Debug, Clone, Copy)]
pub struct StoredRow<'r> {
    /// Place in the input, from 0.
    pub position: u64,
    /// The number that a spreadsheet shows; the header is row 1.
    pub number: u64,
    /// The row's key.
    pub key: &'r str,
    /// The record's own bytes.
    pub raw: &'r [u8],
    /// Why it cannot be run; `None` for a valid row.
    pub invalid: Option<&'r str>,
    cells: &'r str,
    sum: i64,
}

impl<'r> StoredRow<'r> {
    /// A row of the table; the columns are those of `ROW`. Its checksum is not compared yet.
    pub(super) fn unverified(row: &'r Row<'_>) -> Result<Self, JournalError> {
        let strange = |error: FromSqlError| JournalError::Damaged(format!("a row: {error}"));
        Ok(Self {
            position: row.get(0)?,
            number: row.get(1)?,
            key: row.get_ref(2)?.as_str().map_err(strange)?,
            raw: row.get_ref(3)?.as_blob().map_err(strange)?,
            cells: row.get_ref(4)?.as_str().map_err(strange)?,
            invalid: row.get_ref(5)?.as_str_or_null().map_err(strange)?,
            sum: row.get(6)?,
        })
    }

    /// Its cells as JSON text.
    pub(super) fn cells_text(&self) -> &'r str {
        self.cells
    }

    /// Its stored checksum.
    pub(in crate::io::journal) fn sum(&self) -> i64 {
        self.sum
    }

    /// Its typed cells by column name, lists included.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if the cells are not JSON.
    pub fn cells(&self) -> Result<Map, JournalError> {
        cells::read(self.cells)
    }

    /// An owned copy with its cells unpacked.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if the cells are not JSON.
    pub fn unpacked(&self) -> Result<FrozenRow, JournalError> {
        Ok(FrozenRow {
            position: self.position,
            number: self.number,
            key: self.key.to_owned(),
            raw: Bytes::copy_from_slice(self.raw),
            cells: self.cells()?,
            invalid: self.invalid.map(str::to_owned),
        })
    }
}
