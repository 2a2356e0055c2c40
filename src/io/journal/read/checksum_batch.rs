//! Rows and entries that were read and whose checksums are still to be worked out, many at once.

use rusqlite::Row;

use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::Sums;
use crate::journal::{Fact, FactDetail, read_facts};
use crate::model::Time;

/// Rows and entries of which nobody knows yet whether they are as they were written.
#[derive(Default)]
pub(in crate::io::journal) struct ChecksumBatch {
    sums: Sums,
    parts: Vec<Part>,
}

/// A row or an entry with the checksum that stands beside it.
struct Part {
    number: i64,
    sum: i64,
    /// Of an entry: when it was written.
    entry_at: Option<i64>,
}

impl ChecksumBatch {
    /// Adds a row.
    pub(in crate::io::journal) fn add_row(&mut self, row: &StoredRow<'_>) {
        let number = row.number.cast_signed();
        let numbers = [row.position.cast_signed(), number];
        self.sums.add_row(numbers, row.key, row.raw, row.cells_text(), row.invalid);
        self.parts.push(Part { number, sum: row.sum(), entry_at: None });
    }

    /// Adds an entry; the columns are those of [`super::reader::ENTRY`].
    pub(in crate::io::journal) fn add_entry(&mut self, entry: &Row<'_>) -> Result<(), JournalError> {
        let (number, at, sum) = (entry.get(0)?, entry.get(2)?, entry.get(4)?);
        let facts = entry.get_ref(3)?.as_str().map_err(|error| JournalError::Damaged(error.to_string()))?;
        self.sums.add_entry(number, entry.get(1)?, at, facts);
        self.parts.push(Part { number, sum, entry_at: Some(at) });
        Ok(())
    }

    /// Whether so much was added that it should be checked before more is.
    pub(in crate::io::journal) fn is_full(&self) -> bool {
        self.sums.is_full()
    }

    /// Checks all that was added, and keeps it.
    fn verify(&mut self) -> Result<(), JournalError> {
        match self.parts.iter().zip(self.sums.told()).find(|(part, found)| part.sum != **found) {
            Some((Part { number, entry_at: None, .. }, _)) => {
                Err(JournalError::Damaged(format!("row {number} was changed")))
            }
            Some((Part { number, .. }, _)) => Err(JournalError::Damaged(format!("the entry {number} was changed"))),
            None => Ok(()),
        }
    }

    /// Checks all that was added, and forgets it.
    pub(in crate::io::journal) fn settle(&mut self) -> Result<(), JournalError> {
        self.verify()?;
        self.clear();
        Ok(())
    }

    /// Checks what was added once it is much, and forgets it then.
    pub(in crate::io::journal) fn settle_where_full(&mut self) -> Result<(), JournalError> {
        if self.sums.is_full() { self.settle() } else { Ok(()) }
    }

    /// Checks all that was added, lays the facts of its entries behind those that are there, and forgets it.
    pub(in crate::io::journal) fn read_facts(
        &mut self,
        detail: FactDetail,
        into: &mut Vec<(Time, Fact)>,
    ) -> Result<(), JournalError> {
        self.verify()?;
        for (place, part) in self.parts.iter().enumerate() {
            let Some(at) = part.entry_at else { continue };
            read_facts(self.sums.facts(place), Time::from_micros(at), detail, into)
                .map_err(|error| JournalError::Damaged(format!("an entry: {error}")))?;
        }
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        self.sums.clear();
        self.parts.clear();
    }
}
