//! The journal's tables, and what can be wrong with the file.

use rusqlite::Connection;

use crate::journal::FORMAT_VERSION;

/// Marks the file as ours: `rsht`.
const APPLICATION_ID: i32 = 0x7273_6874;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite's or the disk's trouble.
    #[error("the journal could not be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file system's trouble.
    #[error("`{path}`: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// Another process drives the run.
    #[error("{holder} is driving this run; wait for it, or stop it first")]
    Locked {
        /// Which.
        holder: String,
    },
    /// It is not one of ours.
    #[error("`{0}` is not a runsheet journal")]
    NotAJournal(String),
    /// A later runsheet made it.
    #[error("the journal has format {found}; this runsheet reads up to {known}: use a newer runsheet")]
    TooNew {
        /// The file's format.
        found: u32,
        /// The newest that is read.
        known: u32,
    },
    /// Something in it does not read back.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
}

const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rows (
  position INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL,
  raw BLOB NOT NULL, cells TEXT NOT NULL, invalid TEXT);
CREATE TABLE entries (seq INTEGER PRIMARY KEY, scope INTEGER NOT NULL, at INTEGER NOT NULL, facts TEXT NOT NULL);
CREATE INDEX entries_by_scope ON entries (scope);
CREATE TABLE ended (position INTEGER PRIMARY KEY, outcome TEXT NOT NULL);
";

/// Makes a new journal's tables.
pub(super) fn create(connection: &Connection) -> Result<(), JournalError> {
    connection.execute_batch(TABLES)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", FORMAT_VERSION)?;
    Ok(())
}

/// Sets a connection up: write-ahead log, every commit synced.
pub(super) fn configure(connection: &Connection) -> Result<(), JournalError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    Ok(())
}

/// Makes sure that the file is a journal this program reads.
pub(super) fn check(connection: &Connection, path: &str) -> Result<(), JournalError> {
    let application: i32 = connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(|_| JournalError::NotAJournal(path.to_owned()))?;
    if application != APPLICATION_ID {
        return Err(JournalError::NotAJournal(path.to_owned()));
    }
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > FORMAT_VERSION { Err(JournalError::TooNew { found, known: FORMAT_VERSION }) } else { Ok(()) }
}
