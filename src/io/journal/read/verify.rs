//! Whether a journal still holds all that was ever synced, unchanged; asked before a run goes on.

use std::path::Path;

use super::checksum_batch::ChecksumBatch;
use super::reader::{Order, Reader};
use super::stored_row::StoredRow;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::of_pair;
use crate::io::journal::format::columns::{ENTRY, ROW};
use crate::io::journal::guards::{Trail, Watermark};

/// A journal up to this size is read as a whole before its run goes on, in bytes.
const READ_WHOLE: u64 = 64 * 1024 * 1024;

impl Reader {
    /// What a run needs that goes on: nothing that may stand in doubt is gone or was changed. A large journal is asked
    /// by its index whether every entry is there and whose it is; rows and entries tell their own checksums when they
    /// are read, those that the run builds on before anything is sent on them.
    ///
    /// # Errors
    /// As [`Reader::verify`].
    pub fn verify_to_go_on(&self, path: &Path) -> Result<(), JournalError> {
        if Watermark::read(path)?.trail.is_none() || self.size()? <= READ_WHOLE {
            return self.verify(path);
        }
        self.verify_trail(path)?;
        self.verify_meta()?;
        self.verify_ended()
    }

    fn size(&self) -> Result<u64, JournalError> {
        let pages: u64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let page: u64 = self.connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        Ok(pages * page)
    }

    /// That no entry is missing and that each is of the scope that it was written for, by the index.
    pub(in crate::io::journal) fn verify_trail(&self, path: &Path) -> Result<(), JournalError> {
        let mark = Watermark::read(path)?;
        let mut query = self.connection.prepare("SELECT scope, seq FROM entries INDEXED BY entries_by_scope")?;
        let mut entries = query.query([])?;
        let (mut trail, mut count, mut last) = (Trail::default(), 0, 0);
        let mut before: Option<(i64, u64)> = None;
        while let Some(entry) = entries.next()? {
            let seq: u64 = entry.get(1)?;
            let here = (entry.get(0)?, seq);
            if before.replace(here).is_some_and(|before| before >= here) {
                return Err(JournalError::Damaged("entries are not in their order".to_owned()));
            }
            (count, last) = (count + 1, last.max(seq));
            if seq <= mark.seq {
                trail = trail.with(seq, entry.get(0)?);
            }
        }
        check_end(last, mark.seq)?;
        if count != last || mark.trail.is_some_and(|known| known != trail) {
            return Err(JournalError::Damaged("entries are gone, or were changed".to_owned()));
        }
        Ok(())
    }

    /// Reads the whole journal at `path` once: its tables' structure, every checksum, that no entry is missing.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] with what is wrong, or the disk's trouble.
    pub fn verify(&self, path: &Path) -> Result<(), JournalError> {
        // Read ahead of the entries: whoever writes them says of each only afterwards that it is there.
        let synced = Watermark::read(path)?.seq;
        check_end(self.verify_content()?, synced)
    }

    /// That all that is there is as it was written, whether or not more once was there. Gives the last entry's number.
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
            batch.settle_where_full()?;
        }
        batch.settle()
    }

    fn verify_ended(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare("SELECT position, outcome, sum FROM ended ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut order = Order::default();
        while let Some(row) = rows.next()? {
            order.check(row.get(0)?)?;
            let (position, outcome): (i64, String) = (row.get(0)?, row.get(1)?);
            if of_pair(&position.to_string(), &outcome) != row.get::<_, i64>(2)? {
                return Err(JournalError::Damaged(format!("the end of the row at {position} was changed")));
            }
        }
        Ok(())
    }

    /// Gives the last entry's number.
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
            batch.settle_where_full()?;
            last = seq;
        }
        batch.settle()?;
        Ok(last)
    }
}

/// The last entry must not lie before the last that was synced.
fn check_end(last: u64, synced: u64) -> Result<(), JournalError> {
    if last < synced {
        let lost = format!("the entries {} to {synced} were written and are gone", last + 1);
        return Err(JournalError::Damaged(lost));
    }
    Ok(())
}
