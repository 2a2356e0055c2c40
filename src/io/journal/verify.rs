//! Whether a journal still holds all that was ever synced, unchanged; asked before a run goes on.

use std::path::Path;

use super::checksum::{of_entry, of_pair, of_row};
use super::reader::Reader;
use super::schema::JournalError;
use super::watermark::Watermark;

impl Reader {
    /// Reads the whole journal at `path` once: its tables' structure, every checksum, that no entry is missing.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] with what is wrong, or the disk's trouble.
    pub fn verify(&self, path: &Path) -> Result<(), JournalError> {
        let structure: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if structure != "ok" {
            return Err(JournalError::Damaged(structure.trim().replace('\n', "; ")));
        }
        self.verify_rows()?;
        self.verify_ended()?;
        let last = self.verify_entries()?;
        let synced = Watermark::read(path);
        if last < synced {
            let lost = format!("the entries {} to {synced} were written and are gone", last + 1);
            return Err(JournalError::Damaged(lost));
        }
        Ok(())
    }

    fn verify_rows(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare("SELECT position, number, key, raw, cells, invalid, sum FROM rows")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let numbers = [row.get(0)?, row.get(1)?];
            let key: String = row.get(2)?;
            let (raw, cells, invalid): (Vec<u8>, String, Option<String>) = (row.get(3)?, row.get(4)?, row.get(5)?);
            if of_row(numbers, &key, &raw, &cells, invalid.as_deref()) != row.get::<_, i64>(6)? {
                return Err(JournalError::Damaged(format!("row {} was changed", numbers[1])));
            }
        }
        Ok(())
    }

    fn verify_ended(&self) -> Result<(), JournalError> {
        let mut query = self.connection.prepare("SELECT position, outcome, sum FROM ended")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (position, outcome): (i64, String) = (row.get(0)?, row.get(1)?);
            if of_pair(&position.to_string(), &outcome) != row.get::<_, i64>(2)? {
                return Err(JournalError::Damaged(format!("the end of the row at {position} was changed")));
            }
        }
        Ok(())
    }

    /// Gives the last entry's number.
    fn verify_entries(&self) -> Result<u64, JournalError> {
        let mut query = self.connection.prepare("SELECT seq, scope, at, facts, sum FROM entries ORDER BY seq")?;
        let mut entries = query.query([])?;
        let mut last = 0;
        while let Some(entry) = entries.next()? {
            let seq: u64 = entry.get(0)?;
            if seq != last + 1 {
                return Err(JournalError::Damaged(format!("the entry {} is gone", last + 1)));
            }
            let facts = entry.get_ref(3)?.as_bytes().map_err(|error| JournalError::Damaged(error.to_string()))?;
            let facts = std::str::from_utf8(facts).unwrap_or_default();
            if of_entry(entry.get(0)?, entry.get(1)?, entry.get(2)?, facts) != entry.get::<_, i64>(4)? {
                return Err(JournalError::Damaged(format!("the entry {seq} was changed")));
            }
            last = seq;
        }
        Ok(last)
    }
}
