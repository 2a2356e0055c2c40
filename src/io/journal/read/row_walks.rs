//! Walks over all rows of a journal in the input's order, each with its facts or its outcome.

use rusqlite::Row;

use super::checksum_batch::ChecksumBatch;
use super::reader::{Reader, RisingOrder, check_reach};
use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENTRY, ROW};
use crate::journal::{Fact, FactDetail, FrozenRow};
use crate::model::{RowOutcome, Time};

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
        mut each: impl FnMut(&StoredRow<'_>, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = JournalError::from;
        let mut rows =
            self.connection.prepare(&format!("SELECT {ROW} FROM rows r ORDER BY r.position")).map_err(sqlite)?;
        let mut entries = self
            .connection
            .prepare(&format!("SELECT {ENTRY} FROM entries WHERE scope >= 0 ORDER BY scope, seq"))
            .map_err(sqlite)?;
        let mut rows = rows.query([]).map_err(sqlite)?;
        let mut entries = entries.query([]).map_err(sqlite)?;
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
            let word: Option<String> = row.get(2)?;
            let outcome = word.map(|word| RowOutcome::of_word(&word)).transpose().map_err(JournalError::Damaged)?;
            each(RowEnd { position: row.get(0)?, invalid: row.get(1)?, outcome })?;
        }
        Ok(())
    }
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
