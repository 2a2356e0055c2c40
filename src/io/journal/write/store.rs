//! Writing a journal: meta, frozen rows, entries.

use std::io;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use crate::io::journal::format::checksum::of_pair;
use crate::io::journal::format::columns::{ENVIRONMENT, MARK};
use crate::io::journal::format::{JournalError, open_existing, schema};
use crate::io::journal::guards::{FileIdentity, Progress, Trail, Watermark};
use crate::io::private_file;
use crate::model::{RunId, Value};

/// An open journal that may be written.
pub struct Store {
    pub(super) connection: Connection,
    pub(super) place: FileIdentity,
    pub(super) synced: Watermark,
    /// How far it has come; known from the first entry written on.
    pub(super) progress: Option<Progress>,
}

impl Store {
    /// Makes a new journal.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn create(path: &Path) -> Result<Self, JournalError> {
        private_file(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
        let mut connection = Connection::open(path)?;
        schema::be_patient(&connection)?;
        schema::configure(&connection)?;
        schema::create(&mut connection)?;
        Self::over(connection, path, Watermark::create(path))
    }

    /// Makes a new journal that nobody goes on with after a crash: nothing in it waits for the disk.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn create_scratch(path: &Path) -> Result<Self, JournalError> {
        private_file(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
        let mut connection = Connection::open(path)?;
        schema::configure_scratch(&connection)?;
        schema::create(&mut connection)?;
        Self::over(connection, path, Watermark::open(path))
    }

    /// Opens a journal that [`Store::create_scratch`] made.
    ///
    /// # Errors
    /// [`JournalError::NotAJournal`], [`JournalError::TooNew`], or the disk's trouble.
    pub fn open_scratch(path: &Path) -> Result<Self, JournalError> {
        let connection = open_existing(path)?;
        schema::configure_scratch(&connection)?;
        Self::over(connection, path, Watermark::open(path))
    }

    /// Opens a journal to go on with it.
    ///
    /// # Errors
    /// [`JournalError::NotAJournal`], [`JournalError::TooNew`], or the disk's trouble.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = open_existing(path)?;
        schema::configure(&connection)?;
        Self::over(connection, path, Watermark::open(path))
    }

    fn over(connection: Connection, path: &Path, synced: io::Result<Watermark>) -> Result<Self, JournalError> {
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        let (place, synced) = (FileIdentity::of(path).map_err(wrong)?, synced.map_err(wrong)?);
        Ok(Self { connection, place, synced, progress: None })
    }

    /// Opens a copy that lacks what its mark says: what is written next says anew how far the journal has come.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_copy(path: &Path) -> Result<Self, JournalError> {
        let mut store = Self::open(path)?;
        store.progress = Some(store.progress_after(Progress { trail: Some(Trail::default()), ..Progress::default() })?);
        Ok(store)
    }

    /// Keeps the name of the environment that the run sends to, by which other runs find its effects.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_environment(&mut self, name: &str) -> Result<(), JournalError> {
        self.set_meta(ENVIRONMENT, &Value::from(name))
    }

    /// Keeps in the journal that its run has a mark.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_marked(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.set_meta(MARK, &Value::from(run.as_str()))
    }

    /// Keeps a named value about the run.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_meta(&mut self, name: &str, value: &Value) -> Result<(), JournalError> {
        let value = value.to_string();
        self.connection.execute(
            "INSERT INTO meta (name, value, sum) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET value = ?2, sum = ?3",
            params![name, value, of_pair(name, &value)],
        )?;
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

    /// Whether no process has ever driven the run.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn is_untouched(&self) -> Result<bool, JournalError> {
        Ok(self.next_seq()? == 1 && Watermark::read(self.place.path())?.seq == 0)
    }

    /// Waits for other processes that hold the file no longer than a moment.
    pub(in crate::io::journal) fn use_short_lock_waits(&self) -> Result<(), JournalError> {
        schema::be_impatient(&self.connection)
    }

    /// Has the mark say how far the journal has come, where there was none or it could not be used.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn rewrite_watermark(&mut self) -> Result<(), JournalError> {
        let (progress, path) = (self.progress()?, self.place.path());
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        self.synced = Watermark::rewrite(path, &progress).map_err(wrong)?;
        Ok(())
    }

    /// Whether the mark waits for the disk.
    pub(in crate::io::journal) fn watermark_is_unsynced(&self) -> bool {
        self.synced.waits()
    }

    /// Has what the mark says of the journal reach the disk.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn sync_watermark(&mut self) -> Result<(), JournalError> {
        let path = self.place.path().display().to_string();
        self.synced.sync().map_err(|error| JournalError::Io { path, error })
    }

    /// Folds the write-ahead log into the file, so that the file alone is the journal.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn close(mut self) -> Result<(), JournalError> {
        self.sync_watermark()?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| JournalError::Sqlite(error))
    }
}
