//! Walks over all rows of a journal in the input's order, each with its facts or its outcome.

use std::ops::Range;

use rusqlite::Row;

use super::checksum_batch::ChecksumBatch;
use super::reader::{Reader, RisingOrder, check_reach};
use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENTRY, ROW};
use crate::journal::{Fact, FactDetail, FrozenRow};
use crate::model::{RowOutcome, StepScope, Time};

/// A row's position and outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowEnd {
    /// Its place in the input.
    pub position: u64,
    /// Whether the row was taken although it is invalid.
    pub invalid: bool,
    /// Its outcome; `None` if it has not ended.
    pub outcome: Option<RowOutcome>,
}

impl Reader {
    /// Calls `each` with every row and its facts, in the input's order.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed, [`JournalError::Sqlite`] if the disk or SQLite fails, or the
    /// error of `each`.
    pub fn each_row<E: From<JournalError>>(
        &self,
        mut each: impl FnMut(FrozenRow, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_stored_row(FactDetail::Whole, |row, facts| each(row.unpacked()?, facts))
    }

    /// As [`Reader::each_row`], without unpacking the rows' cells and with as much of their facts as `detail` says.
    ///
    /// # Errors
    /// As [`Reader::each_row`].
    pub fn each_stored_row<E: From<JournalError>>(
        &self,
        detail: FactDetail,
        each: impl FnMut(&StoredRow<'_>, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_stored_row_in(0..u64::MAX, detail, each)
    }

    /// As [`Reader::each_stored_row`], for the rows at these positions.
    ///
    /// # Errors
    /// As [`Reader::each_row`].
    pub fn each_stored_row_in<E: From<JournalError>>(
        &self,
        positions: Range<u64>,
        detail: FactDetail,
        mut each: impl FnMut(&StoredRow<'_>, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = JournalError::from;
        let rows = format!("SELECT {ROW} FROM rows r WHERE r.position >= ?1 AND r.position < ?2 ORDER BY r.position");
        let entries = format!("SELECT {ENTRY} FROM entries WHERE scope >= ?1 AND scope < ?2 ORDER BY scope, seq");
        let mut rows = self.connection.prepare_cached(&rows).map_err(sqlite)?;
        let mut entries = self.connection.prepare_cached(&entries).map_err(sqlite)?;
        let bounds = [positions.start, positions.end].map(|position| i64::try_from(position).unwrap_or(i64::MAX));
        let mut rows = rows.query(bounds).map_err(sqlite)?;
        let mut entries = entries.query(bounds).map_err(sqlite)?;
        let mut entry = entries.next().map_err(sqlite)?;
        let (mut order, mut gathered) = (RisingOrder::default(), RowEntries::default());
        while let Some(row) = rows.next().map_err(sqlite)? {
            let row = StoredRow::unverified(row)?;
            order.check(row.position.cast_signed())?;
            gathered.begin(&row);
            while let Some(next) = entry.filter(|next| next.get::<_, u64>(1).is_ok_and(|scope| scope <= row.position)) {
                gathered.add(next)?;
                if gathered.batch.is_full() {
                    gathered.read(detail)?;
                }
                entry = entries.next().map_err(sqlite)?;
            }
            gathered.read(detail)?;
            check_reach(&gathered.facts)?;
            each(&row, &gathered.facts)?;
        }
        Ok(())
    }

    /// The positions of the rows that have an entry after this one, in order.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn rows_changed_after(&self, entry: u64) -> Result<Vec<u64>, JournalError> {
        // By the numbers of the entries: the index by scope would be read as a whole.
        let mut query = self.connection.prepare_cached(
            "SELECT DISTINCT scope FROM entries NOT INDEXED WHERE seq > ?1 AND scope >= 0 ORDER BY scope",
        )?;
        let positions = query.query_map([entry], |row| row.get(0))?;
        Ok(positions.collect::<Result<_, _>>()?)
    }

    /// Calls `each` with the rows at these positions and as much of their facts as `detail` says, in this order.
    ///
    /// # Errors
    /// As [`Reader::each_row`]; [`JournalError::Damaged`] too if there is no row at a position.
    pub fn each_row_at<E: From<JournalError>>(
        &self,
        positions: &[u64],
        detail: FactDetail,
        mut each: impl FnMut(&StoredRow<'_>, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = JournalError::from;
        let one = format!("SELECT {ROW} FROM rows r WHERE r.position = ?1");
        let mut rows = self.connection.prepare_cached(&one).map_err(sqlite)?;
        let mut batch = ChecksumBatch::default();
        for position in positions {
            let mut found = rows.query([position]).map_err(sqlite)?;
            let gone = || JournalError::Damaged(format!("the row at position {position} is gone"));
            let row = StoredRow::unverified(found.next().map_err(sqlite)?.ok_or_else(gone)?)?;
            batch.add_row(&row);
            batch.verify()?;
            let facts = self.facts_with(StepScope::Row(*position), detail)?;
            each(&row, &facts)?;
        }
        Ok(())
    }

    /// Calls `each` with every row's outcome, in the input's order.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed, [`JournalError::Sqlite`] if the disk or SQLite fails, or the
    /// error of `each`.
    pub fn each_end(&self, mut each: impl FnMut(RowEnd) -> Result<(), JournalError>) -> Result<(), JournalError> {
        let mut query = self.connection.prepare(
            "SELECT r.position, r.invalid IS NOT NULL, e.outcome FROM rows r
             LEFT JOIN ended e ON e.position = r.position ORDER BY r.position",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let outcome = outcome_of(row, 2)?;
            each(RowEnd { position: row.get(0)?, invalid: row.get(1)?, outcome })?;
        }
        Ok(())
    }

    /// Calls `each` with every row's key and outcome, in the input's order. The outcome is `None` for a row that has not
    /// ended.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if an outcome is not one of ours; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn each_key_and_end(&self, each: &mut dyn FnMut(&str, Option<RowOutcome>)) -> Result<(), JournalError> {
        let mut query = self.connection.prepare(
            "SELECT r.key, e.outcome FROM rows r LEFT JOIN ended e ON e.position = r.position ORDER BY r.position",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let outcome = outcome_of(row, 1)?;
            each(row.get_ref(0)?.as_str().unwrap_or_default(), outcome);
        }
        Ok(())
    }
}

/// The outcome in a column of a result; `None` if it is null.
fn outcome_of(row: &Row<'_>, column: usize) -> Result<Option<RowOutcome>, JournalError> {
    let word: Option<String> = row.get(column)?;
    word.map(|word| RowOutcome::of_word(&word)).transpose().map_err(JournalError::Damaged)
}

/// The entries of one row, gathered so that many checksums are computed at the same time.
#[derive(Default)]
struct RowEntries {
    batch: ChecksumBatch,
    order: RisingOrder,
    facts: Vec<(Time, Fact)>,
}

impl RowEntries {
    fn begin(&mut self, row: &StoredRow<'_>) {
        self.order = RisingOrder::default();
        self.facts.clear();
        self.batch.add_row(row);
    }

    fn add(&mut self, entry: &Row<'_>) -> Result<(), JournalError> {
        self.order.check(entry.get(0)?)?;
        self.batch.add_entry(entry)
    }

    /// Parses the gathered entries, after comparing their checksums.
    fn read(&mut self, detail: FactDetail) -> Result<(), JournalError> {
        self.batch.read_facts(detail, &mut self.facts)
    }
}
