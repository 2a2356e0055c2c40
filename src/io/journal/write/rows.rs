//! Writes a run's rows into its journal.

use rusqlite::params;

use super::store::Store;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::cells;
use crate::io::journal::format::checksum::ParallelChecksums;
use crate::io::journal::format::columns::ROW_COUNT;
use crate::io::journal::format::schema;
use crate::journal::FrozenRow;
use crate::model::Value;

/// The most rows whose checksums are computed together; fewer if the rows are large.
const SUMMED_TOGETHER: usize = 16;

impl Store {
    /// Writes rows in the order given, all of them or none.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn insert_rows(&mut self, rows: &[FrozenRow]) -> Result<(), JournalError> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO rows (position, number, key, raw, cells, invalid, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            let mut sums = ParallelChecksums::default();
            let mut rest = rows;
            while !rest.is_empty() {
                sums.clear();
                let mut written = Vec::with_capacity(SUMMED_TOGETHER);
                for row in rest {
                    let cells = cells::written(&row.cells)?;
                    let numbers = [row.position.cast_signed(), row.number.cast_signed()];
                    sums.add_row(numbers, &row.key, &row.raw, &cells, row.invalid.as_deref());
                    written.push(cells);
                    if written.len() == SUMMED_TOGETHER || sums.is_full() {
                        break;
                    }
                }
                let (together, later) = rest.split_at(written.len());
                for ((row, cells), sum) in together.iter().zip(&written).zip(sums.compute()) {
                    let raw = row.raw.as_ref();
                    insert.execute(params![row.position, row.number, row.key, raw, cells, row.invalid, sum])?;
                }
                rest = later;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Writes all rows of a run, then their number. They are on the disk when this returns. Only the number, which comes
    /// last, is synced, and everything before it with it: no run builds on a part of its rows.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn keep_rows(&mut self, batches: impl IntoIterator<Item = Vec<FrozenRow>>) -> Result<(), JournalError> {
        let strict = schema::defer_syncs(&self.connection)?;
        let mut count = 0;
        let kept = batches.into_iter().try_for_each(|rows| {
            count += rows.len() as u64;
            self.insert_rows(&rows)
        });
        schema::restore_syncs(&self.connection, strict)?;
        kept.and_then(|()| self.set_row_count(count))
    }

    /// Stores the number of rows, once all are in the journal.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn set_row_count(&mut self, count: u64) -> Result<(), JournalError> {
        self.set_meta(ROW_COUNT, &Value::from(count))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use rusqlite::Connection;

    use super::*;
    use crate::io::journal::read::Reader;
    use crate::model::Map;

    fn rows(positions: std::ops::Range<u64>) -> Vec<FrozenRow> {
        let row = |position| FrozenRow {
            position,
            number: position + 2,
            key: format!("R-{position}"),
            raw: Bytes::from(format!("R-{position},\"a\"")),
            cells: Map::from_iter([("key".to_owned(), Value::from(format!("R-{position}\n")))]),
            invalid: (position % 7 == 0).then(|| "no".to_owned()),
        };
        positions.map(row).collect()
    }

    fn syncing(store: &Store) -> i64 {
        store.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
    }

    #[test]
    fn rows_are_written_with_their_number_and_commits_are_synced_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let mut store = Store::create(&path).unwrap();
        let strict = syncing(&store);
        let mut seen = Vec::new();
        let batches = [rows(0..40), rows(40..41), Vec::new(), rows(41..90)];
        let watched = batches.into_iter().inspect(|batch| seen.push(batch.len()));
        store.keep_rows(watched).unwrap();
        assert_eq!((strict, syncing(&store), seen.len()), (2, 2, 4));
        let reader = Reader::open(&path).unwrap();
        assert_eq!((reader.row_count().unwrap(), reader.unfinished_rows(0, 90).unwrap()), (90, rows(0..90)));
        assert_eq!(reader.unfinished_rows(33, 20).unwrap(), rows(33..53));
    }

    #[test]
    fn a_refused_row_leaves_no_number_and_synced_commits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let mut store = Store::create(&path).unwrap();
        assert!(store.keep_rows([rows(0..3), rows(2..4)]).is_err(), "a position twice");
        assert_eq!(syncing(&store), 2);
        let reader = Reader::open(&path).unwrap();
        assert_eq!(reader.meta(ROW_COUNT).unwrap(), None);
        assert_eq!(reader.row_count().unwrap(), 3);
    }

    #[test]
    fn a_scratch_journal_is_never_synced() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create_scratch(&folder.path().join("journal.sqlite")).unwrap();
        store.keep_rows([rows(0..3)]).unwrap();
        assert_eq!(syncing(&store), 0);
    }

    #[test]
    fn a_changed_row_among_many_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        Store::create(&path).unwrap().keep_rows([rows(0..90)]).unwrap();
        for change in ["raw = x'00'", "cells = '{}'", "key = 'x'", "number = 7", "invalid = ''", "sum = sum + 1"] {
            let copy = folder.path().join("copy.sqlite");
            std::fs::copy(&path, &copy).unwrap();
            let connection = Connection::open(&copy).unwrap();
            connection.execute(&format!("UPDATE rows SET {change} WHERE position = 71"), []).unwrap();
            let reader = Reader::open(&copy).unwrap();
            let told = |damage: Result<(), JournalError>| damage.unwrap_err().to_string();
            let pass = reader.each_row(|_, _| Ok::<(), JournalError>(()));
            for damage in [told(reader.unfinished_rows(0, 90).map(drop)), told(reader.row(71).map(drop)), told(pass)] {
                assert!(damage.ends_with(" was changed"), "{change}: {damage}");
            }
            assert_eq!(reader.unfinished_rows(0, 71).unwrap().len(), 71, "{change}");
        }
    }
}
