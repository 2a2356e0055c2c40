//! What a journal says of its run as a whole: whose it is, where it sends, how far it has come.

use std::collections::HashSet;

use super::reader::Reader;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENVIRONMENT, MARK};
use crate::io::journal::guards::Trail;
use crate::io::marks::row_hash;
use crate::model::{RowOutcome, RunId, StepScope};

impl Reader {
    /// The environment that the run sends to; none where it never began.
    pub(in crate::io::journal) fn environment(&self) -> Result<Option<String>, JournalError> {
        Ok(self.meta(ENVIRONMENT)?.and_then(|name| name.as_str().map(str::to_owned)))
    }

    /// The number of the last entry.
    pub(in crate::io::journal) fn last_entry(&self) -> Result<u64, JournalError> {
        let last: Option<u64> = self.connection.query_row("SELECT max(seq) FROM entries", [], |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    /// Whether it is that run's journal, as far as it says whose it is.
    pub(in crate::io::journal) fn is_of(&self, run: &RunId) -> bool {
        let named = self.meta(MARK).ok().flatten();
        named.is_none_or(|named| named.as_str() == Some(run.as_str()))
    }

    pub(in crate::io::journal) fn trail_up_to(&self, last: u64) -> Result<Trail, JournalError> {
        let mut query = self.connection.prepare("SELECT seq, scope FROM entries WHERE seq <= ?1")?;
        let mut entries = query.query([last])?;
        let mut trail = Trail::default();
        while let Some(entry) = entries.next()? {
            trail = trail.with(entry.get(0)?, entry.get(1)?);
        }
        Ok(trail)
    }

    /// Whether the run has come to its end and no row of it is unknown, so that nothing more was sent for it.
    pub(in crate::io::journal) fn is_over(&self) -> Result<bool, JournalError> {
        let facts = self.facts(StepScope::Run)?;
        let finished = matches!(facts.last(), Some((_, crate::journal::Fact::Finished)));
        let all = self.ended_count()? == self.row_count()?;
        Ok(finished && all && self.ended_as(&[RowOutcome::Unknown.as_str()])?.is_empty())
    }

    /// The rows that have not come to an end, or to one that nobody knows, by the hashes of their keys.
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
