//! The journal's tables, and what can be wrong with the file.

use rusqlite::Connection;

use crate::io::marks::MarkError;
use crate::io::{NotOurs, Untrusted};
use crate::journal::FORMAT_VERSION;

/// Marks the file as ours: `rsht`.
const APPLICATION_ID: i32 = 0x7273_6874;

/// The name under which `meta` keeps how many rows there are.
pub(super) const ROW_COUNT: &str = "row_count";

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite's or the disk's trouble.
    #[error("{}", words(.0))]
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
    /// It holds nothing: the process that makes it has not come further, or never did.
    #[error("`{0}` holds nothing")]
    Empty(String),
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
    /// Something in it does not read back as it was written.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// The run's mark cannot be used.
    #[error("the mark of the run: {0}")]
    Mark(#[from] MarkError),
    /// Others than we can change it, or the folder that it lies in.
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
    /// The file that is being written is not there any more.
    #[error("`{0}` was moved, removed or replaced while the run was under way")]
    Gone(String),
}

impl From<Untrusted> for JournalError {
    fn from(untrusted: Untrusted) -> Self {
        match untrusted {
            Untrusted::NotOurs(not_ours) => Self::NotOurs(not_ours),
            Untrusted::Io { path, error } => Self::Io { path: path.display().to_string(), error },
        }
    }
}

/// SQLite's trouble in words that say what to look at.
fn words(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode as Code;
    let what = match error.sqlite_error_code() {
        Some(Code::DiskFull) => "the disk is full",
        Some(Code::ReadOnly | Code::PermissionDenied) => "the journal may not be written to",
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => "another program keeps the journal locked",
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => "the journal is damaged",
        Some(Code::CannotOpen) => "the journal cannot be opened",
        Some(Code::SystemIoFailure) => "the disk does not take or give the journal's data",
        _ => return format!("the journal: {error}"),
    };
    format!("{what} ({error})")
}

impl JournalError {
    /// SQLite's own word for it, where it has one.
    fn code(&self) -> Option<rusqlite::ErrorCode> {
        if let Self::Sqlite(error) = self { error.sqlite_error_code() } else { None }
    }

    /// Whether it passes by itself: another process has the file for a moment.
    pub(super) fn is_passing(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        matches!(self.code(), Some(Code::DatabaseBusy | Code::DatabaseLocked))
    }

    /// Whether the journal no longer holds what was written to it, so that no run can go on from it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        matches!(self, Self::Damaged(_)) || matches!(self.code(), Some(Code::DatabaseCorrupt | Code::NotADatabase))
    }

    /// What a person should do now, as a sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        use rusqlite::ErrorCode as Code;
        match (self, self.code()) {
            _ if self.is_damage() => {
                "Calls may have been made that this journal no longer shows, so the list is not started anew. \
                 `runsheet runs export RUN --out DIR` writes down what the journal still proves of each row; ask the vendor \
                 about the rest, and say it with `runsheet resolve RUN --lost`. From a copy of the run's folder go on with \
                 `runsheet resume RUN --from-copy`."
            }
            (Self::NotOurs(_), _) => "Nothing of it was used.",
            (Self::Gone(_), _) => {
                "Where the folder was moved, move it back, then resume. \
                 A copy goes on with `runsheet resume RUN --from-copy`. Where it is gone, ask the vendor what was sent, and say \
                 it with `runsheet resolve RUN --lost`."
            }
            (_, Some(Code::DiskFull)) => "Make room on that disk, then resume.",
            (Self::Io { error, .. }, _) if error.kind() == std::io::ErrorKind::StorageFull => {
                "Make room on that disk, then resume."
            }
            (_, Some(Code::DatabaseBusy | Code::DatabaseLocked)) => "Close the program that has it open, then resume.",
            _ => "Look at that disk and at the folder's rights, then resume.",
        }
    }
}

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

/// Makes a new journal's tables, all at once: nobody ever sees a part of them.
pub(super) fn create(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// How long another process's lock on the file is waited for.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// Has a connection wait for other processes, which hold the file for moments only.
pub(super) fn be_patient(connection: &Connection) -> Result<(), JournalError> {
    Ok(connection.busy_timeout(BUSY)?)
}

/// The same where an attempt is one of many.
const BUSY_SHORTLY: std::time::Duration = std::time::Duration::from_secs(1);

/// Has a connection wait for other processes for a moment only.
pub(super) fn be_impatient(connection: &Connection) -> Result<(), JournalError> {
    Ok(connection.busy_timeout(BUSY_SHORTLY)?)
}

/// Pages of the log after which it is folded into the file: the same few pages change in every commit, and each fold
/// writes them once.
const CHECKPOINT_EVERY: u32 = 8_000;

/// Sets a connection up: write-ahead log, every commit synced.
pub(super) fn configure(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_EVERY)?;
    configure_reader(connection)
}

/// SQLite's number for commits that leave the syncing of the log to a later one; it is still synced before it is folded
/// into the file.
const NORMAL: i64 = 1;

/// Has commits leave the syncing to a later one; gives what is to be set again for that one.
pub(super) fn loosen(connection: &Connection) -> Result<i64, JournalError> {
    let strict: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", strict.min(NORMAL))?;
    Ok(strict)
}

/// Has commits wait for the disk again as they did.
pub(super) fn tighten(connection: &Connection, strict: i64) -> Result<(), JournalError> {
    Ok(connection.pragma_update(None, "synchronous", strict)?)
}

/// Sets a connection up for a journal that nobody goes on with: its commits do not wait for the disk.
pub(super) fn configure_scratch(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "synchronous", "off")?;
    connection.pragma_update(None, "journal_mode", "memory")?;
    configure_reader(connection)
}

/// Sets a connection up that only reads: how the file is written is for whoever writes it to say.
pub(super) fn configure_reader(connection: &Connection) -> Result<(), JournalError> {
    connection.pragma_update(None, "cache_size", -8_192)?;
    Ok(())
}

/// Makes sure that the file is a journal this program reads.
pub(super) fn check(connection: &Connection, path: &str) -> Result<(), JournalError> {
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
