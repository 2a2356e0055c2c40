//! Rows and entries whose checksums are compared many at a time.

use rusqlite::Row;

use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::ParallelChecksums;
use crate::journal::{Fact, FactDetail, read_facts};
use crate::model::Time;

/// Rows and entries that were read and not verified yet.
#[derive(Default)]
pub(super) struct ChecksumBatch {
    sums: ParallelChecksums,
    items: Vec<BatchItem>,
}

/// A row or an entry with its stored checksum.
struct BatchItem {
    /// The row's number in its file, or the entry's number.
    number: i64,
    sum: i64,
    /// When the entry was written, in microseconds; `None` for a row.
    entry_at: Option<i64>,
}

impl ChecksumBatch {
    /// Adds a row.
    pub(in crate::io::journal) fn add_row(&mut self, row: &StoredRow<'_>) {
        let number = row.number.cast_signed();
        let numbers = [row.position.cast_signed(), number];
        self.sums.add_row(numbers, row.key, row.raw, row.cells_text(), row.invalid);
        self.items.push(BatchItem { number, sum: row.sum(), entry_at: None });
    }

    /// Adds an entry; the columns are those of `ENTRY`.
    pub(in crate::io::journal) fn add_entry(&mut self, entry: &Row<'_>) -> Result<(), JournalError> {
        let (number, at, sum) = (entry.get(0)?, entry.get(2)?, entry.get(4)?);
        let facts = entry.get_ref(3)?.as_str().map_err(|error| JournalError::Damaged(error.to_string()))?;
        self.sums.add_entry(number, entry.get(1)?, at, facts);
        self.items.push(BatchItem { number, sum, entry_at: Some(at) });
        Ok(())
    }

    /// Whether the batch should be verified before more is added.
    pub(in crate::io::journal) fn is_full(&self) -> bool {
        self.sums.is_full()
    }

    /// Compares all checksums; keeps the items.
    fn compare(&mut self) -> Result<(), JournalError> {
        match self.items.iter().zip(self.sums.compute()).find(|(item, found)| item.sum != **found) {
            Some((BatchItem { number, entry_at: None, .. }, _)) => {
                Err(JournalError::Damaged(format!("row {number} was changed")))
            }
            Some((BatchItem { number, .. }, _)) => {
                Err(JournalError::Damaged(format!("the entry {number} was changed")))
            }
            None => Ok(()),
        }
    }

    /// Verifies all items and removes them.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] names the first item that was changed.
    pub(in crate::io::journal) fn verify(&mut self) -> Result<(), JournalError> {
        self.compare()?;
        self.clear();
        Ok(())
    }

    /// Verifies all items and removes them, if the batch is full.
    pub(super) fn verify_if_full(&mut self) -> Result<(), JournalError> {
        if self.sums.is_full() { self.verify() } else { Ok(()) }
    }

    /// Verifies all items, appends the facts of the entries among them to `into`, and removes them.
    pub(super) fn read_facts(&mut self, detail: FactDetail, into: &mut Vec<(Time, Fact)>) -> Result<(), JournalError> {
        self.compare()?;
        for (place, item) in self.items.iter().enumerate() {
            let Some(at) = item.entry_at else { continue };
            read_facts(self.sums.facts(place), Time::from_micros(at), detail, into)
                .map_err(|error| JournalError::Damaged(format!("an entry: {error}")))?;
        }
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        self.sums.clear();
        self.items.clear();
    }
}
