//! Reads rows, entries and values of a journal, also while its run goes on.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::checksum_batch::ChecksumBatch;
use super::stored_row::StoredRow;
use crate::io::journal::format::checksum::of_pair;
use crate::io::journal::format::columns::{ENTRY, ROW, ROW_COUNT, scope_number};
use crate::io::journal::format::{JournalError, open_existing, schema};
use crate::journal::{Fact, FactDetail, FrozenRow, indexes_are_in_bounds};
use crate::model::{StepScope, Time, Value};

/// A journal that is open for reading.
pub struct Reader {
    pub(in crate::io::journal) connection: Connection,
}

impl Reader {
    /// Opens a journal for reading.
    ///
    /// # Errors
    /// [`JournalError::Io`] if there is no such file, [`JournalError::NotOurs`] if another user can change it,
    /// [`JournalError::Empty`], [`JournalError::NotAJournal`] or [`JournalError::TooNew`] for what the file is.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = open_existing(path)?;
        schema::configure_reader(&connection)?;
        Ok(Self { connection })
    }

    /// Reads the journal as it is at one moment, whatever is written meanwhile. `read` must not call this again.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails; the error of `read`.
    pub fn at_one_moment<T, E: From<JournalError>>(&self, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        // The first read fixes the moment. Nothing is written, so there is nothing to commit.
        let _moment = self.connection.unchecked_transaction().map_err(JournalError::from)?;
        read()
    }

    /// A named value about the run; `None` if it was never stored.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn meta(&self, name: &str) -> Result<Option<Value>, JournalError> {
        let found: Option<(String, i64)> = self
            .connection
            .query_row("SELECT value, sum FROM meta WHERE name = ?1", [name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if found.as_ref().is_some_and(|(text, sum)| of_pair(name, text) != *sum) {
            return Err(JournalError::Damaged(format!("`{name}` was changed")));
        }
        found
            .map(|(text, _)| {
                serde_json::from_str(&text).map_err(|error| JournalError::Damaged(format!("{name}: {error}")))
            })
            .transpose()
    }

    /// The number of rows.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn row_count(&self) -> Result<u64, JournalError> {
        // Counting would read every row from the disk.
        if let Some(count) = self.meta(ROW_COUNT)?.and_then(|count| count.as_u64()) {
            return Ok(count);
        }
        Ok(self.connection.query_row("SELECT count(*) FROM rows", [], |row| row.get(0))?)
    }

    /// The number of ended rows for each outcome, by the outcome's word.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn ended_counts(&self) -> Result<Vec<(String, u64)>, JournalError> {
        let mut query = self.connection.prepare("SELECT outcome, count(*) FROM ended GROUP BY outcome")?;
        let counts = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(counts.collect::<Result<_, _>>()?)
    }

    /// The number of ended rows.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn ended_count(&self) -> Result<u64, JournalError> {
        Ok(self.connection.query_row("SELECT count(*) FROM ended", [], |row| row.get(0))?)
    }

    /// The positions of the rows that ended with one of these outcomes, in order.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn ended_as(&self, words: &[&str]) -> Result<Vec<u64>, JournalError> {
        let mut query = self.connection.prepare("SELECT position, outcome FROM ended ORDER BY position")?;
        let mut found = query.query([])?;
        let mut positions = Vec::new();
        while let Some(row) = found.next()? {
            if row.get_ref(1)?.as_str().is_ok_and(|outcome| words.contains(&outcome)) {
                positions.push(row.get(0)?);
            }
        }
        Ok(positions)
    }

    /// A position before which every row has ended. Walks over the small table of ended rows, as the rows themselves would
    /// all be read from the disk.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn first_unfinished(&self) -> Result<u64, JournalError> {
        let mut query = self.connection.prepare("SELECT position FROM ended ORDER BY position")?;
        let mut ended = query.query([])?;
        let mut expected = 0;
        while let Some(row) = ended.next()? {
            if row.get::<_, u64>(0)? != expected {
                break;
            }
            expected += 1;
        }
        Ok(expected)
    }

    /// Up to `limit` rows from `position` on that have not ended, in the input's order.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn unfinished_rows(&self, position: u64, limit: usize) -> Result<Vec<FrozenRow>, JournalError> {
        let mut query = self.connection.prepare_cached(&format!(
            "SELECT {ROW} FROM rows r LEFT JOIN ended e ON e.position = r.position
             WHERE r.position >= ?1 AND e.position IS NULL ORDER BY r.position"
        ))?;
        // With a bound limit SQLite would plan the statement each time.
        let mut found = query.query([position])?;
        let (mut rows, mut batch) = (Vec::new(), ChecksumBatch::default());
        while rows.len() < limit
            && let Some(row) = found.next()?
        {
            let row = StoredRow::unverified(row)?;
            batch.add_row(&row);
            batch.verify_if_full()?;
            rows.push(row.unpacked()?);
        }
        batch.verify()?;
        Ok(rows)
    }

    /// The row at a position; `None` if there is none.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn row(&self, position: u64) -> Result<Option<FrozenRow>, JournalError> {
        let mut query = self.connection.prepare_cached(&format!("SELECT {ROW} FROM rows r WHERE r.position = ?1"))?;
        let mut found = query.query([position])?;
        found.next()?.map(frozen).transpose()
    }

    /// The position of the row with this number; `None` if there is none.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn position_of_number(&self, number: u64) -> Result<Option<u64>, JournalError> {
        // SQLite knows no larger numbers, and no row has one.
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let mut query = self.connection.prepare_cached("SELECT position FROM rows WHERE number = ?1")?;
        Ok(query.query_row([number], |row| row.get(0)).optional()?)
    }

    /// The keys of the first rows, `most` at most.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn first_keys(&self, most: usize) -> Result<Vec<String>, JournalError> {
        let mut query = self.connection.prepare("SELECT key FROM rows ORDER BY position")?;
        let keys = query.query_map([], |row| row.get(0))?;
        Ok(keys.take(most).collect::<Result<_, _>>()?)
    }

    /// The positions of the rows with this key. There is more than one only if keys could not be read.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn positions_of(&self, key: &str) -> Result<Vec<u64>, JournalError> {
        let mut query = self.connection.prepare_cached("SELECT position FROM rows WHERE key = ?1 ORDER BY position")?;
        let positions = query.query_map([key], |row| row.get(0))?;
        Ok(positions.collect::<Result<_, _>>()?)
    }

    /// The last row that has any entry; `None` if no row has.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn last_started_row(&self) -> Result<Option<u64>, JournalError> {
        let last: Option<i64> = self.connection.query_row("SELECT max(scope) FROM entries", [], |row| row.get(0))?;
        Ok(last.and_then(|last| u64::try_from(last).ok()))
    }

    /// All facts of a scope, in order, each with its time.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn facts(&self, scope: StepScope) -> Result<Vec<(Time, Fact)>, JournalError> {
        self.facts_with(scope, FactDetail::Whole)
    }

    /// As [`Reader::facts`], with as much of them as `detail` says.
    pub(super) fn facts_with(&self, scope: StepScope, detail: FactDetail) -> Result<Vec<(Time, Fact)>, JournalError> {
        let mut query =
            self.connection.prepare_cached(&format!("SELECT {ENTRY} FROM entries WHERE scope = ?1 ORDER BY seq"))?;
        let number = scope_number(scope);
        let mut found = query.query([number])?;
        let (mut facts, mut order, mut batch) = (Vec::new(), RisingOrder::default(), ChecksumBatch::default());
        while let Some(row) = found.next()? {
            if row.get::<_, i64>(1)? != number {
                return Err(JournalError::Damaged("an entry stands where it does not belong".to_owned()));
            }
            order.check(row.get(0)?)?;
            batch.add_entry(row)?;
            if batch.is_full() {
                batch.read_facts(detail, &mut facts)?;
            }
        }
        batch.read_facts(detail, &mut facts)?;
        check_reach(&facts)?;
        Ok(facts)
    }
}

/// Checks that numbers only grow. Without it, pages that were changed to point back at one another would be read for ever.
#[derive(Default)]
pub(super) struct RisingOrder(Option<i64>);

impl RisingOrder {
    pub(in crate::io::journal) fn check(&mut self, number: i64) -> Result<(), JournalError> {
        if self.0.replace(number).is_some_and(|last| last >= number) {
            return Err(JournalError::Damaged("its pages point back at one another".to_owned()));
        }
        Ok(())
    }
}

/// Unpacks a row of the table after comparing its checksum.
pub(in crate::io::journal) fn frozen(row: &Row<'_>) -> Result<FrozenRow, JournalError> {
    let (row, mut batch) = (StoredRow::unverified(row)?, ChecksumBatch::default());
    batch.add_row(&row);
    batch.verify()?;
    row.unpacked()
}

/// Checks that folding the facts takes no more memory than a real run could have needed.
pub(super) fn check_reach(facts: &[(Time, Fact)]) -> Result<(), JournalError> {
    let damaged = || JournalError::Damaged("an entry names a call that no run can have made".to_owned());
    indexes_are_in_bounds(facts).then_some(()).ok_or_else(damaged)
}
