//! Verifies that a journal still holds everything that was ever synced, unchanged. Done before a run is resumed.

use std::path::Path;

use super::checksum_batch::ChecksumBatch;
use super::reader::{Reader, RisingOrder};
use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::of_pair;
use crate::io::journal::format::columns::{ENTRY, ROW};
use crate::io::journal::guards::{EntrySetHash, Watermark};

/// A journal of up to this many bytes is read as a whole before its run is resumed.
const VERIFY_WHOLE_UP_TO: u64 = 64 * 1024 * 1024;

impl Reader {
    /// Verifies what resuming a run needs. A small journal is read as a whole. Of a large one only the index is read, to
    /// see that every entry is there with its scope; rows and entries are compared with their checksums when they are
    /// read, before anything is sent that builds on them.
    ///
    /// # Errors
    /// As [`Reader::verify`].
    pub fn verify_to_go_on(&self, path: &Path) -> Result<(), JournalError> {
        if Watermark::read(path)?.entry_hash.is_none() || self.size()? <= VERIFY_WHOLE_UP_TO {
            return self.verify(path);
        }
        self.verify_entry_set(path)?;
        self.verify_meta()?;
        self.verify_ended()
    }

    fn size(&self) -> Result<u64, JournalError> {
        let pages: u64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let page: u64 = self.connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        Ok(pages * page)
    }

    /// Verifies by the index that no entry is missing and that each has the scope that it was written with.
    pub(in crate::io::journal) fn verify_entry_set(&self, path: &Path) -> Result<(), JournalError> {
        let mark = Watermark::read(path)?;
        let mut query = self.connection.prepare("SELECT scope, seq FROM entries INDEXED BY entries_by_scope")?;
        let mut entries = query.query([])?;
        let (mut entry_hash, mut count, mut last) = (EntrySetHash::default(), 0, 0);
        let mut before: Option<(i64, u64)> = None;
        while let Some(entry) = entries.next()? {
            let seq: u64 = entry.get(1)?;
            let here = (entry.get(0)?, seq);
            if before.replace(here).is_some_and(|before| before >= here) {
                return Err(JournalError::Damaged("entries are not in their order".to_owned()));
            }
            (count, last) = (count + 1, last.max(seq));
            if seq <= mark.seq {
                entry_hash = entry_hash.with(seq, entry.get(0)?);
            }
        }
        check_end(last, mark.seq)?;
        if count != last || mark.entry_hash.is_some_and(|known| known != entry_hash) {
            return Err(JournalError::Damaged("entries are gone, or were changed".to_owned()));
        }
        Ok(())
    }

    /// Reads the whole journal at `path` and verifies the structure of its tables, every checksum, and that no entry is
    /// missing.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] with what is wrong; [`JournalError::Mark`] if the watermark cannot be read;
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn verify(&self, path: &Path) -> Result<(), JournalError> {
        // Read before the entries: the writer records each entry here only after writing it.
        let synced = Watermark::read(path)?.seq;
        check_end(self.verify_content()?, synced)
    }

    /// Verifies everything that is there, whether or not more once was. Returns the last entry's number.
    ///
    /// # Errors
    /// As [`Reader::verify`].
    pub fn verify_content(&self) -> Result<u64, JournalError> {
        let structure: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if structure != "ok" {
            return Err(JournalError::Damaged(structure.trim().replace('\n', "; ")));
        }
        self.verify_meta()?;
        self.verify_rows()?;
        self.verify_ended()?;
        self.effects_after(0, &mut |_, _| {})?;
        self.verify_entries()
    }

    fn verify_meta(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare("SELECT name FROM meta")?;
        let names: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        names.iter().try_for_each(|name| self.meta(name).map(drop))
    }

    fn verify_rows(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare(&format!("SELECT {ROW} FROM rows r"))?;
        let (mut rows, mut batch) = (query.query([])?, ChecksumBatch::default());
        while let Some(row) = rows.next()? {
            batch.add_row(&StoredRow::unverified(row)?);
            batch.verify_if_full()?;
        }
        batch.verify()
    }

    fn verify_ended(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare("SELECT position, outcome, sum FROM ended ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut order = RisingOrder::default();
        while let Some(row) = rows.next()? {
            order.check(row.get(0)?)?;
            let (position, outcome): (i64, String) = (row.get(0)?, row.get(1)?);
            if of_pair(&position.to_string(), &outcome) != row.get::<_, i64>(2)? {
                return Err(JournalError::Damaged(format!("the end of the row at {position} was changed")));
            }
        }
        Ok(())
    }

    /// Returns the last entry's number.
    fn verify_entries(&self) -> Result<u64, JournalError> {
        let mut query = self.connection.prepare(&format!("SELECT {ENTRY} FROM entries ORDER BY seq"))?;
        let (mut entries, mut batch) = (query.query([])?, ChecksumBatch::default());
        let mut last = 0;
        while let Some(entry) = entries.next()? {
            let seq: u64 = entry.get(0)?;
            if seq != last + 1 {
                return Err(JournalError::Damaged(format!("the entry {} is gone", last + 1)));
            }
            batch.add_entry(entry)?;
            batch.verify_if_full()?;
            last = seq;
        }
        batch.verify()?;
        Ok(last)
    }
}

/// Checks that the last synced entry is there.
fn check_end(last: u64, synced: u64) -> Result<(), JournalError> {
    if last < synced {
        let lost = format!("the entries {} to {synced} were written and are gone", last + 1);
        return Err(JournalError::Damaged(lost));
    }
    Ok(())
}
