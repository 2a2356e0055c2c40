//! Writing a journal: meta, frozen rows, entries.

use std::borrow::Borrow;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::cells;
use super::checksum::{Sums, of_effect, of_entry, of_pair};
use super::place::Place;
use super::schema::{self, JournalError, ROW_COUNT};
use super::watermark::{Progress, Trail, Watermark};
use crate::io::{check_ours, private_file};
use crate::journal::{Fact, FrozenRow, JournalEntry};
use crate::model::{Phase, RowOutcome, StepScope, Time, Value};

/// Rows whose checksums are worked out together, at most; fewer where they are large.
const SUMMED_TOGETHER: usize = 16;

/// An open journal that may be written.
pub struct Store {
    connection: Connection,
    place: Place,
    synced: Watermark,
    /// How far it has come; known from the first entry written on.
    progress: Option<Progress>,
}

/// A scope as it stands in the tables.
pub(super) fn scope_number(scope: StepScope) -> i64 {
    match scope {
        StepScope::Before => -1,
        StepScope::After => -2,
        StepScope::Run => -3,
        StepScope::Row(position) => i64::try_from(position).unwrap_or(i64::MAX),
    }
}

/// The scope that stands there.
pub(super) fn scope_of(number: i64) -> StepScope {
    match number {
        -1 => StepScope::Before,
        -2 => StepScope::After,
        number => u64::try_from(number).map_or(StepScope::Run, StepScope::Row),
    }
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
        let (place, synced) = (Place::of(path).map_err(wrong)?, synced.map_err(wrong)?);
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
        self.set_meta(super::effects::ENVIRONMENT, &Value::from(name))
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

    /// Keeps rows, all or none, in the order given.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn insert_rows(&mut self, rows: &[FrozenRow]) -> Result<(), JournalError> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO rows (position, number, key, raw, cells, invalid, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            let mut sums = Sums::default();
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
                for ((row, cells), sum) in together.iter().zip(&written).zip(sums.told()) {
                    let raw = row.raw.as_ref();
                    insert.execute(params![row.position, row.number, row.key, raw, cells, row.invalid, sum])?;
                }
                rest = later;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Keeps all rows of a run and how many there are. They are on the disk when this returns: nothing is built on a part
    /// of them, so only the count, which comes last, waits for the disk, and takes with it what went before.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn keep_rows(&mut self, batches: impl IntoIterator<Item = Vec<FrozenRow>>) -> Result<(), JournalError> {
        let strict = schema::loosen(&self.connection)?;
        let mut count = 0;
        let kept = batches.into_iter().try_for_each(|rows| {
            count += rows.len() as u64;
            self.insert_rows(&rows)
        });
        schema::tighten(&self.connection, strict)?;
        kept.and_then(|()| self.set_row_count(count))
    }

    /// Keeps how many rows the journal has, once all are in it.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_row_count(&mut self, count: u64) -> Result<(), JournalError> {
        self.set_meta(ROW_COUNT, &Value::from(count))
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

    /// Writes entries in one transaction; they are on the disk when this returns.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble, and nothing of the batch is kept then; or [`JournalError::Gone`].
    pub fn append<E: Borrow<JournalEntry>>(
        &mut self,
        entries: impl IntoIterator<Item = E>,
    ) -> Result<(), JournalError> {
        let mut progress = self.progress()?;
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO entries (seq, scope, at, facts, sum) VALUES (?1, ?2, ?3, ?4, ?5)")?;
            let mut end = transaction
                .prepare_cached("INSERT OR REPLACE INTO ended (position, outcome, sum) VALUES (?1, ?2, ?3)")?;
            let mut open_again = transaction.prepare_cached("DELETE FROM ended WHERE position = ?1")?;
            let mut effect = transaction.prepare_cached(
                "INSERT INTO effects (key, scope, step, item, undo, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for entry in entries {
                let entry: &JournalEntry = entry.borrow();
                for (call, key) in entry.effects() {
                    let (scope, undo) = (scope_number(entry.scope), call.phase == Phase::Rollback);
                    let sum = of_effect(key.as_bytes(), scope, [call.step, call.item], undo);
                    effect.execute(params![key.as_bytes(), scope, call.step, call.item, undo, sum])?;
                    progress.effects = progress.effects.map(|count| count.saturating_add(1));
                }
                let facts =
                    serde_json::to_string(&entry.facts).map_err(|error| JournalError::Damaged(error.to_string()))?;
                let (scope, at) = (scope_number(entry.scope), entry.at.as_micros());
                let sum = of_entry(entry.seq.cast_signed(), scope, at, &facts);
                insert.execute(params![entry.seq, scope, at, facts, sum])?;
                progress.trail = progress.trail.map(|trail| trail.with(entry.seq, scope));
                (progress.seq, progress.at) = (entry.seq, Some(entry.at));
                let StepScope::Row(position) = entry.scope else { continue };
                match entry.facts.iter().rev().find_map(end_of) {
                    Some(Some(outcome)) => {
                        let outcome = outcome.as_str();
                        end.execute(params![position, outcome, of_pair(&position.to_string(), outcome)])?
                    }
                    Some(None) => open_again.execute([position])?,
                    None => 0,
                };
            }
        }
        transaction.commit()?;
        if !self.place.still_holds() {
            return Err(JournalError::Gone(self.place.path().display().to_string()));
        }
        self.progress = Some(progress);
        let path = self.place.path().display().to_string();
        self.synced.set(&progress).map_err(|error| JournalError::Io { path, error })
    }

    /// Writes what of `entries` is not there yet, after an append of them failed: the disk may have taken it all the same.
    /// They are left to `entries` where it fails again.
    ///
    /// # Errors
    /// As for [`Store::append`].
    pub(super) fn append_again(&mut self, entries: &mut Vec<JournalEntry>) -> Result<(), JournalError> {
        self.progress = None;
        let next = self.next_seq()?;
        entries.retain(|entry| entry.seq >= next);
        if entries.is_empty() {
            let gone = || JournalError::Gone(self.place.path().display().to_string());
            return self.place.still_holds().then_some(()).ok_or_else(gone);
        }
        self.append(entries)
    }

    /// Waits for other processes that hold the file no longer than a moment.
    pub(super) fn wait_shortly(&self) -> Result<(), JournalError> {
        schema::be_impatient(&self.connection)
    }

    /// How far it has come: what the mark says, and the few entries that came after it.
    fn progress(&self) -> Result<Progress, JournalError> {
        if let Some(progress) = self.progress {
            return Ok(progress);
        }
        let mark = Watermark::read(self.place.path())?;
        let nothing = Progress { trail: Some(Trail::default()), ..Progress::default() };
        self.progress_after(if mark.trail.is_some() { mark } else { nothing })
    }

    /// How far it has come, given what is known up to some entry.
    fn progress_after(&self, known: Progress) -> Result<Progress, JournalError> {
        let mut progress = known;
        let mut query = self.connection.prepare("SELECT seq, scope, at FROM entries WHERE seq > ?1 ORDER BY seq")?;
        let mut entries = query.query([known.seq])?;
        while let Some(entry) = entries.next()? {
            (progress.seq, progress.at) = (entry.get(0)?, Some(Time::from_micros(entry.get(2)?)));
            let scope = entry.get(1)?;
            progress.trail = progress.trail.map(|trail| trail.with(progress.seq, scope));
        }
        let listed: Option<u32> = self.connection.query_row("SELECT max(rowid) FROM effects", [], |row| row.get(0))?;
        Ok(Progress { effects: Some(listed.unwrap_or_default()), ..progress })
    }

    /// Has the mark say how far the journal has come, where there was none or it could not be used.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn bring_mark_in_line(&mut self) -> Result<(), JournalError> {
        let (progress, path) = (self.progress()?, self.place.path());
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        self.synced = Watermark::in_line(path, &progress).map_err(wrong)?;
        Ok(())
    }

    /// Whether the mark waits for the disk.
    pub(super) fn mark_waits(&self) -> bool {
        self.synced.waits()
    }

    /// Has what the mark says of the journal reach the disk.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn sync_mark(&mut self) -> Result<(), JournalError> {
        let path = self.place.path().display().to_string();
        self.synced.sync().map_err(|error| JournalError::Io { path, error })
    }

    /// Folds the write-ahead log into the file, so that the file alone is the journal.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn close(mut self) -> Result<(), JournalError> {
        self.sync_mark()?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| JournalError::Sqlite(error))
    }
}

/// What a fact does to the table of rows that have ended: one more, or one less.
fn end_of(fact: &Fact) -> Option<Option<RowOutcome>> {
    match fact {
        Fact::RowEnded(ended) => Some(Some(ended.outcome)),
        Fact::ContinuedIn(handed) => Some(Some(handed.outcome)),
        Fact::Settled(_) | Fact::Reopened(_) => Some(None),
        Fact::Intent(_)
        | Fact::Attempted(_)
        | Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::ImportedCall(_)
        | Fact::Began { .. }
        | Fact::Stopped(_)
        | Fact::Finished => None,
    }
}

/// Opens a file that must be there and be a journal.
pub(super) fn open_existing(path: &Path) -> Result<Connection, JournalError> {
    let shown = path.display().to_string();
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !path.is_file() {
        let error = io::Error::from(io::ErrorKind::NotFound);
        return Err(JournalError::Io { path: shown, error });
    }
    refuse_foreign(path)?;
    let connection = Connection::open_with_flags(path, flags)?;
    schema::be_patient(&connection)?;
    schema::check(&connection, &shown)?;
    Ok(connection)
}

/// Makes sure that nobody else can change a journal: its folder, the file, and the log beside it.
///
/// # Errors
/// [`JournalError::NotOurs`], or the disk's trouble.
pub fn refuse_foreign(journal: &Path) -> Result<(), JournalError> {
    if let Some(folder) = journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        check_ours(folder)?;
    }
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut file = journal.as_os_str().to_owned();
        file.push(end);
        check_ours(Path::new(&file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::reader::Reader;
    use super::*;
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
    fn rows_are_kept_with_their_count_and_commits_wait_for_the_disk_again() {
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
    fn a_refused_row_leaves_no_count_and_strict_commits() {
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
    fn a_scratch_journal_never_waits() {
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
