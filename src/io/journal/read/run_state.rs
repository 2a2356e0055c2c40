//! What a journal says of its run as a whole: whose it is, where it sends, how far it has come.

use std::collections::HashSet;

use super::checksum_batch::ChecksumBatch;
use super::reader::Reader;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENTRY, ENVIRONMENT, MARK};
use crate::io::journal::guards::EntrySetHash;
use crate::io::marks::row_hash;
use crate::journal::{Fact, FactDetail};
use crate::model::{RowOutcome, RunId, StepScope};

impl Reader {
    /// The environment that the run sends to; `None` if the run never began.
    pub(in crate::io::journal) fn environment(&self) -> Result<Option<String>, JournalError> {
        Ok(self.meta(ENVIRONMENT)?.and_then(|name| name.as_str().map(str::to_owned)))
    }

    /// The number of the last entry; 0 if there is none.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn last_entry(&self) -> Result<u64, JournalError> {
        let last: Option<u64> = self.connection.query_row("SELECT max(seq) FROM entries", [], |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    /// Whether the journal is that run's; true if it does not say whose it is.
    pub(in crate::io::journal) fn is_of(&self, run: &RunId) -> bool {
        let named = self.meta(MARK).ok().flatten();
        named.is_none_or(|named| named.as_str() == Some(run.as_str()))
    }

    pub(in crate::io::journal) fn entry_hash_up_to(&self, last: u64) -> Result<EntrySetHash, JournalError> {
        let mut query = self.connection.prepare("SELECT seq, scope FROM entries WHERE seq <= ?1")?;
        let mut entries = query.query([last])?;
        let mut entry_hash = EntrySetHash::default();
        while let Some(entry) = entries.next()? {
            entry_hash = entry_hash.with(entry.get(0)?, entry.get(1)?);
        }
        Ok(entry_hash)
    }

    /// Whether the run has finished without unknown rows, so that nothing was sent after its last entry.
    pub(in crate::io::journal) fn is_over(&self) -> Result<bool, JournalError> {
        Ok(self.has_finished()? && self.ended_as(&[RowOutcome::Unknown.as_str()])?.is_empty())
    }

    /// Whether all that was written after this entry hands rows over to later runs.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn only_handed_over_since(&self, seq: u64) -> Result<bool, JournalError> {
        let mut query = self.connection.prepare(&format!("SELECT {ENTRY} FROM entries WHERE seq > ?1 ORDER BY seq"))?;
        let mut entries = query.query([seq])?;
        while let Some(entry) = entries.next()? {
            let (mut batch, mut facts) = (ChecksumBatch::default(), Vec::new());
            batch.add_entry(entry)?;
            batch.read_facts(FactDetail::Summary, &mut facts)?;
            if !facts.iter().all(|(_, fact)| matches!(fact, Fact::ContinuedIn(_))) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the run came to its end and left no row open, so that resuming it would send nothing.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn has_finished(&self) -> Result<bool, JournalError> {
        let facts = self.facts(StepScope::Run)?;
        let finished = matches!(facts.last(), Some((_, Fact::Finished)));
        Ok(finished && self.ended_count()? == self.row_count()?)
    }

    /// The hashes of the keys of all rows that have not ended or ended as unknown.
    pub(in crate::io::journal) fn open_row_hashes(&self) -> Result<HashSet<u64>, JournalError> {
        let mut query = self.connection.prepare(
            "SELECT r.key FROM rows r LEFT JOIN ended e ON e.position = r.position
             WHERE e.position IS NULL OR e.outcome = ?1",
        )?;
        let mut rows = query.query([RowOutcome::Unknown.as_str()])?;
        let mut open = HashSet::new();
        while let Some(row) = rows.next()? {
            open.insert(row_hash(row.get_ref(0)?.as_str().unwrap_or_default()));
        }
        Ok(open)
    }
}
