//! A row as it stands in the journal, its cells not unpacked yet.

use bytes::Bytes;
use rusqlite::Row;
use rusqlite::types::FromSqlError;

use super::cells;
use super::checksum::Sums;
use super::schema::JournalError;
use crate::journal::FrozenRow;
use crate::model::Map;

/// A row as it stands in the journal.
#[derive(Debug, Clone, Copy)]
pub struct StoredRow<'r> {
    /// Place in the input, from 0.
    pub position: u64,
    /// The number a person sees in a spreadsheet; the header is 1.
    pub number: u64,
    /// The row's key.
    pub key: &'r str,
    /// The record's own bytes.
    pub raw: &'r [u8],
    /// Why it cannot be run, where it was let in all the same.
    pub invalid: Option<&'r str>,
    cells: &'r str,
    sum: i64,
}

impl<'r> StoredRow<'r> {
    /// A row of the table; the columns are those of [`super::reader::ROW`]. Its checksum is still to be compared.
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

    /// Adds what its checksum is worked out from.
    pub(super) fn add_to(&self, sums: &mut Sums) {
        let numbers = [self.position.cast_signed(), self.number.cast_signed()];
        sums.add_row(numbers, self.key, self.raw, self.cells, self.invalid);
    }

    /// Compares its checksum with the one found.
    pub(super) fn check(&self, found: i64) -> Result<(), JournalError> {
        same(self.number, self.sum, found)
    }

    /// Its typed cells by column name, lists included.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn cells(&self) -> Result<Map, JournalError> {
        cells::read(self.cells)
    }

    /// All of it.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
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

fn same(number: u64, sum: i64, found: i64) -> Result<(), JournalError> {
    let changed = || JournalError::Damaged(format!("row {number} was changed"));
    (sum == found).then_some(()).ok_or_else(changed)
}

/// Rows whose checksums are still to be worked out, many at once.
#[derive(Default)]
pub(super) struct Unchecked {
    sums: Sums,
    /// Of each: its number and its checksum.
    rows: Vec<(u64, i64)>,
}

impl Unchecked {
    /// Adds a row.
    pub(super) fn add(&mut self, row: &StoredRow<'_>) -> Result<(), JournalError> {
        row.add_to(&mut self.sums);
        self.rows.push((row.number, row.sum));
        if self.sums.is_full() { self.check() } else { Ok(()) }
    }

    /// Checks all that were added.
    pub(super) fn check(&mut self) -> Result<(), JournalError> {
        for ((number, sum), found) in self.rows.drain(..).zip(self.sums.told()) {
            same(number, sum, *found)?;
        }
        self.sums.clear();
        Ok(())
    }
}
