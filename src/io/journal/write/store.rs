//! A journal opened for writing: named values about the run, its watermark, closing it.

use std::io;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::log_folding::fold_from_time_to_time;
use crate::io::journal::format::checksum::of_pair;
use crate::io::journal::format::columns::{ENVIRONMENT, MARK};
use crate::io::journal::format::{JournalError, open_existing, schema};
use crate::io::journal::guards::{EntrySetHash, FileIdentity, Progress, Watermark};
use crate::io::private_file;
use crate::model::{RunId, Value};

/// A journal that is open for writing.
pub struct Store {
    pub(super) connection: Connection,
    /// The file that was opened, by which a moved or replaced one is noticed.
    pub(super) file: FileIdentity,
    pub(super) watermark: Watermark,
    /// How far the journal has come; `None` until it is first needed.
    pub(super) progress: Option<Progress>,
}

impl Store {
    /// Creates a journal.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn create(path: &Path) -> Result<Self, JournalError> {
        private_file(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
        let mut connection = Connection::open(path)?;
        schema::wait_for_locks(&connection)?;
        schema::configure(&connection)?;
        fold_from_time_to_time(&mut connection)?;
        schema::create(&mut connection)?;
        Self::with_connection(connection, path, Watermark::create(path))
    }

    /// Creates a journal that is not resumed after a crash, such as a rehearsal's: nothing in it is synced.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn create_scratch(path: &Path) -> Result<Self, JournalError> {
        private_file(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
        let mut connection = Connection::open(path)?;
        schema::configure_scratch(&connection)?;
        schema::create(&mut connection)?;
        Self::with_connection(connection, path, Watermark::open(path))
    }

    /// Opens a journal that [`Store::create_scratch`] made.
    ///
    /// # Errors
    /// [`JournalError::Io`] if there is no such file, [`JournalError::NotOurs`] if another user can change it,
    /// [`JournalError::Empty`], [`JournalError::NotAJournal`] or [`JournalError::TooNew`] for what the file is.
    pub fn open_scratch(path: &Path) -> Result<Self, JournalError> {
        let connection = open_existing(path)?;
        schema::configure_scratch(&connection)?;
        Self::with_connection(connection, path, Watermark::open(path))
    }

    /// Opens a journal to continue its run.
    ///
    /// # Errors
    /// [`JournalError::Io`] if there is no such file, [`JournalError::NotOurs`] if another user can change it,
    /// [`JournalError::Empty`], [`JournalError::NotAJournal`] or [`JournalError::TooNew`] for what the file is.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let mut connection = open_existing(path)?;
        schema::configure(&connection)?;
        fold_from_time_to_time(&mut connection)?;
        schema::raise_version(&connection)?;
        Self::with_connection(connection, path, Watermark::open(path))
    }

    fn with_connection(
        connection: Connection,
        path: &Path,
        watermark: io::Result<Watermark>,
    ) -> Result<Self, JournalError> {
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        let (file, watermark) = (FileIdentity::of(path).map_err(wrong)?, watermark.map_err(wrong)?);
        Ok(Self { connection, file, watermark, progress: None })
    }

    /// Opens a copy that lacks entries that its watermark names. The next entry sets the watermark back to the copy.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_copy(path: &Path) -> Result<Self, JournalError> {
        let mut store = Self::open(path)?;
        store.progress =
            Some(store.progress_after(Progress { entry_hash: Some(EntrySetHash::default()), ..Progress::default() })?);
        Ok(store)
    }

    /// Stores the environment that the run sends to, by which other runs find its effects.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn set_environment(&mut self, name: &str) -> Result<(), JournalError> {
        self.set_meta(ENVIRONMENT, &Value::from(name))
    }

    /// Stores that the run has a mark outside its folder.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn set_marked(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.set_meta(MARK, &Value::from(run.as_str()))
    }

    /// Stores a named value about the run.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn set_meta(&mut self, name: &str, value: &Value) -> Result<(), JournalError> {
        let value = value.to_string();
        self.connection.execute(
            "INSERT INTO meta (name, value, sum) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET value = ?2, sum = ?3",
            params![name, value, of_pair(name, &value)],
        )?;
        Ok(())
    }

    /// The number of the next entry, from 1.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn next_seq(&self) -> Result<u64, JournalError> {
        let last: Option<u64> =
            self.connection.query_row("SELECT max(seq) FROM entries", [], |row| row.get(0)).optional()?.flatten();
        Ok(last.unwrap_or(0) + 1)
    }

    /// Whether no process has ever driven the run.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn is_untouched(&self) -> Result<bool, JournalError> {
        Ok(self.next_seq()? == 1 && self.watermark.recorded()?.seq == 0)
    }

    /// From now on waits only a moment for another process that has the file locked.
    pub(super) fn use_short_lock_waits(&self) -> Result<(), JournalError> {
        schema::wait_shortly_for_locks(&self.connection)
    }

    /// Replaces a missing or unusable watermark with one that says how far the journal has come.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn rewrite_watermark(&mut self) -> Result<(), JournalError> {
        let (progress, path) = (self.progress()?, self.file.path());
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        self.watermark = Watermark::rewrite(path, &progress).map_err(wrong)?;
        Ok(())
    }

    /// Whether the watermark was written since its last sync.
    pub(super) fn watermark_is_unsynced(&self) -> bool {
        self.watermark.is_unsynced()
    }

    /// Syncs the watermark.
    ///
    /// # Errors
    /// [`JournalError::Io`] if the file cannot be synced.
    pub fn sync_watermark(&mut self) -> Result<(), JournalError> {
        let path = self.file.path().display().to_string();
        self.watermark.sync().map_err(|error| JournalError::Io { path, error })
    }

    /// Closes the journal and folds the write-ahead log into the file, so that the file alone is the journal.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn close(mut self) -> Result<(), JournalError> {
        self.sync_watermark()?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| JournalError::Sqlite(error))
    }
}
