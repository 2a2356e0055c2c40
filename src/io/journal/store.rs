//! Writing a journal: meta, frozen rows, entries.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::schema::{self, JournalError};
use crate::io::private_file;
use crate::journal::{Entry, Fact, FrozenRow};
use crate::model::{Map, RowOutcome, Scope, Value};

/// An open journal that may be written.
pub struct Store {
    connection: Connection,
}

/// A scope as it stands in the tables.
pub(super) fn scope_number(scope: Scope) -> i64 {
    match scope {
        Scope::Before => -1,
        Scope::After => -2,
        Scope::Run => -3,
        Scope::Row(position) => i64::try_from(position).unwrap_or(i64::MAX),
    }
}

impl Store {
    /// Makes a new journal.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn create(path: &Path) -> Result<Self, JournalError> {
        private_file(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
        let connection = Connection::open(path)?;
        schema::configure(&connection)?;
        schema::create(&connection)?;
        Ok(Self { connection })
    }

    /// Opens a journal to go on with it.
    ///
    /// # Errors
    /// [`JournalError::NotAJournal`], [`JournalError::TooNew`], or the disk's trouble.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = open_existing(path)?;
        schema::configure(&connection)?;
        Ok(Self { connection })
    }

    /// Keeps a named value about the run.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_meta(&mut self, name: &str, value: &Value) -> Result<(), JournalError> {
        self.connection.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            params![name, value.to_string()],
        )?;
        Ok(())
    }

    /// Keeps rows, all or none, in the order given.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn insert_rows(&mut self, rows: &[FrozenRow]) -> Result<(), JournalError> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO rows (position, number, key, raw, cells, invalid) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for row in rows {
                let cells =
                    serde_json::to_string(&row.cells).map_err(|error| JournalError::Damaged(error.to_string()))?;
                insert.execute(params![row.position, row.number, row.key, row.raw.as_ref(), cells, row.invalid])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// The number the next entry takes.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn next_seq(&self) -> Result<u64, JournalError> {
        let last: Option<u64> =
            self.connection.query_row("SELECT max(seq) FROM entries", [], |row| row.get(0)).optional()?.flatten();
        Ok(last.unwrap_or(0) + 1)
    }

    /// Writes entries in one transaction; they are on the disk when this returns.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble; nothing of the batch is kept then.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO entries (seq, scope, at, facts) VALUES (?1, ?2, ?3, ?4)")?;
            let mut end =
                transaction.prepare_cached("INSERT OR REPLACE INTO ended (position, outcome) VALUES (?1, ?2)")?;
            let mut open_again = transaction.prepare_cached("DELETE FROM ended WHERE position = ?1")?;
            for entry in entries {
                let facts =
                    serde_json::to_string(&entry.facts).map_err(|error| JournalError::Damaged(error.to_string()))?;
                insert.execute(params![entry.seq, scope_number(entry.scope), entry.at.as_micros(), facts])?;
                let Scope::Row(position) = entry.scope else { continue };
                match entry.facts.iter().rev().find_map(end_of) {
                    Some(Some(outcome)) => end.execute(params![position, outcome.as_str()])?,
                    Some(None) => open_again.execute([position])?,
                    None => 0,
                };
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Folds the write-ahead log into the file, so that the file alone is the journal.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn close(self) -> Result<(), JournalError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| JournalError::Sqlite(error))
    }
}

/// What a fact does to the table of rows that have ended: one more, or one less.
fn end_of(fact: &Fact) -> Option<Option<RowOutcome>> {
    match fact {
        Fact::RowEnded(ended) => Some(Some(ended.outcome)),
        Fact::HandedOver(handed) => Some(Some(handed.outcome)),
        Fact::Settled(_) | Fact::Reopened(_) => Some(None),
        _ => None,
    }
}

/// Opens a file that must be there and be a journal.
pub(super) fn open_existing(path: &Path) -> Result<Connection, JournalError> {
    let shown = path.display().to_string();
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !path.is_file() {
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(JournalError::Io { path: shown, error });
    }
    let connection = Connection::open_with_flags(path, flags)?;
    schema::check(&connection, &shown)?;
    Ok(connection)
}

/// Reads cells back.
pub(super) fn cells(text: &str) -> Result<Map, JournalError> {
    serde_json::from_str(text).map_err(|error| JournalError::Damaged(format!("a row's cells: {error}")))
}
