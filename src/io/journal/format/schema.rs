//! The journal's tables and how a connection to them is set up.

use rusqlite::Connection;

use super::error::JournalError;
use crate::journal::FORMAT_VERSION;

/// The application id of our files: `rsht`.
const APPLICATION_ID: i32 = 0x7273_6874;

const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rows (
  position INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL,
  raw BLOB NOT NULL, cells TEXT NOT NULL, invalid TEXT, sum INTEGER NOT NULL);
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, scope INTEGER NOT NULL, at INTEGER NOT NULL, facts TEXT NOT NULL, sum INTEGER NOT NULL);
CREATE INDEX entries_by_scope ON entries (scope);
CREATE TABLE ended (position INTEGER PRIMARY KEY, outcome TEXT NOT NULL, sum INTEGER NOT NULL);
CREATE TABLE effects (
  key BLOB NOT NULL, scope INTEGER NOT NULL, step INTEGER NOT NULL, item INTEGER NOT NULL, undo INTEGER NOT NULL,
  sum INTEGER NOT NULL);
";

/// Creates a new journal's tables in one transaction, so that no reader sees a part of them.
pub(in crate::io::journal) fn create(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Marks a journal of an earlier version as one of this version, before facts are written that the earlier one does not
/// know.
pub(in crate::io::journal) fn raise_version(connection: &Connection) -> Result<(), JournalError> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found < FORMAT_VERSION {
        connection.pragma_update(None, "user_version", FORMAT_VERSION)?;
    }
    Ok(())
}

/// How long to wait for another process's lock on the file.
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_secs(10);

/// Makes a connection wait for other processes, which lock the file for moments only.
pub(in crate::io::journal) fn wait_for_locks(connection: &Connection) -> Result<(), JournalError> {
    Ok(connection.busy_timeout(LOCK_WAIT)?)
}

/// The wait of a try that is one of many.
const SHORT_LOCK_WAIT: std::time::Duration = std::time::Duration::from_secs(1);

/// Makes a connection wait for other processes for a moment only.
pub(in crate::io::journal) fn wait_shortly_for_locks(connection: &Connection) -> Result<(), JournalError> {
    Ok(connection.busy_timeout(SHORT_LOCK_WAIT)?)
}

/// Sets up a connection that writes: write-ahead log, every commit synced.
pub(in crate::io::journal) fn configure(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    configure_reader(connection)
}

/// SQLite's number for commits that do not sync the log; it is still synced before it is folded into the file.
const NORMAL: i64 = 1;

/// Makes commits leave syncing to a later one. Returns the level to restore for that one.
pub(in crate::io::journal) fn defer_syncs(connection: &Connection) -> Result<i64, JournalError> {
    let strict: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", strict.min(NORMAL))?;
    Ok(strict)
}

/// Makes commits sync again as they did before [`defer_syncs`].
pub(in crate::io::journal) fn restore_syncs(connection: &Connection, strict: i64) -> Result<(), JournalError> {
    Ok(connection.pragma_update(None, "synchronous", strict)?)
}

/// Sets up a connection to a journal that is not resumed after a crash: its commits are not synced.
pub(in crate::io::journal) fn configure_scratch(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "synchronous", "off")?;
    connection.pragma_update(None, "journal_mode", "memory")?;
    configure_reader(connection)
}

/// Sets up a connection that only reads. How commits are synced is left to the writer.
pub(in crate::io::journal) fn configure_reader(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "cache_size", -8_192)?;
    Ok(())
}

/// Checks that the file is a journal that this version reads.
pub(in crate::io::journal) fn check(connection: &Connection, path: &str) -> Result<(), JournalError> {
    let not_ours = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => JournalError::NotAJournal(path.to_owned()),
        _ => JournalError::Sqlite(error),
    };
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(not_ours)?;
    if application != APPLICATION_ID {
        let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        let path = path.to_owned();
        return Err(if tables == 0 { JournalError::Empty(path) } else { JournalError::NotAJournal(path) });
    }
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > FORMAT_VERSION { Err(JournalError::TooNew { found, known: FORMAT_VERSION }) } else { Ok(()) }
}
