//! What a damaged journal still proves. Entries whose checksums hold say what happened; missing entries may have said
//! anything about a row without a recorded end. Reads a copy, never the journal itself.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use rusqlite::Row;

use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::of_entry;
use crate::io::journal::format::columns::{ENTRY, ROW};
use crate::io::journal::guards::Watermark;
use crate::io::journal::read::{Reader, frozen, scan};
use crate::journal::{Fact, FrozenRow, RowEnded};
use crate::model::{RunId, Value};

/// What a damaged journal proves of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Proven {
    /// It ended with this outcome.
    Ended(RowEnded),
    /// It was continued in this later run.
    WentOn(RunId),
    /// Nothing of it was ever sent.
    Untouched,
    /// Nothing is proven; calls may have been sent.
    Nothing,
}

/// A copy of a damaged journal, scanned once.
pub struct Salvage {
    reader: Reader,
    /// By position, the entry that ends a row and has no later entry of the row.
    ends: HashMap<u64, i64>,
    /// Positions of the rows with any entry.
    touched: HashSet<u64>,
    /// Number of entries that are gone or were changed.
    lost: u64,
    /// Whether every entry that was ever synced is there.
    whole: bool,
}

impl Salvage {
    /// Scans the copy of a journal, which has its write-ahead log and, if known, its watermark beside it. `may_be_whole` is
    /// false if something is known to be lost, whatever the entries say.
    ///
    /// # Errors
    /// [`JournalError`] if nothing of the copy can be read.
    pub fn open(copy: &Path, may_be_whole: bool) -> Result<Self, JournalError> {
        let reader = Reader::open(copy)?;
        let mut salvage = Self { reader, ends: HashMap::new(), touched: HashSet::new(), lost: 0, whole: false };
        salvage.scan_entries(Watermark::read(copy)?.seq);
        salvage.whole &= may_be_whole;
        Ok(salvage)
    }

    /// Writes a journal's watermark beside a copy of the journal.
    ///
    /// # Errors
    /// The system's error if it cannot be written.
    pub fn copy_mark(journal: &Path, copy: &Path) -> io::Result<()> {
        // An unreadable watermark counts as none; that the journal may lack entries is reported elsewhere.
        Watermark::read(journal).map_or(Ok(()), |progress| Watermark::copy_beside(&progress, copy))
    }

    /// A named value about the run; `None` if it is missing or was changed.
    #[must_use]
    pub fn meta(&self, name: &str) -> Option<Value> {
        self.reader.meta(name).ok().flatten()
    }

    /// The number of entries that are gone or were changed, as far as they can be counted.
    #[must_use]
    pub fn lost_entries(&self) -> u64 {
        self.lost
    }

    fn scan_entries(&mut self, synced: u64) {
        let mut last = 0;
        let (mut ends, mut touched, mut good) = (HashMap::new(), HashSet::new(), 0_u64);
        let connection = &self.reader.connection;
        scan(connection, &format!("SELECT {ENTRY} FROM entries WHERE seq > ?1 ORDER BY seq"), &mut |entry| {
            let seq: i64 = entry.get(0)?;
            last = last.max(seq);
            let Some((scope, facts)) = entry_of(entry)? else { return Ok(()) };
            good += 1;
            if let Ok(position) = u64::try_from(scope) {
                touched.insert(position);
                match facts.last().is_some_and(Fact::ends_row) {
                    true => ends.insert(position, seq),
                    false => ends.remove(&position),
                };
            }
            Ok(())
        });
        let all = u64::try_from(last).unwrap_or(0).max(synced);
        // Without a watermark it is not known how many entries there were.
        self.whole = all == good && synced > 0;
        (self.ends, self.touched, self.lost) = (ends, touched, all.saturating_sub(good));
    }

    /// Calls `each` with every row that can be read and what is proven of it, in the input's order. Returns the number of
    /// rows that cannot be read.
    ///
    /// # Errors
    /// The error of `each`.
    pub fn each_row<E>(&self, mut each: impl FnMut(FrozenRow, Proven) -> Result<(), E>) -> Result<u64, E> {
        let (mut read, mut last, mut wrong) = (0_u64, None, None);
        let rows = format!("SELECT {ROW} FROM rows r WHERE r.position > ?1 ORDER BY r.position");
        scan(&self.reader.connection, &rows, &mut |row| {
            last = Some(row.get::<_, i64>(0)?);
            // A changed row is not reported: it may say what was never true.
            if let (Ok(row), None) = (frozen(row), &wrong) {
                read += 1;
                let proven = self.proven(row.position);
                wrong = each(row, proven).err();
            }
            Ok(())
        });
        let all = last.and_then(|last| u64::try_from(last + 1).ok()).unwrap_or(0);
        wrong.map_or(Ok(all.saturating_sub(read)), Err)
    }

    fn proven(&self, position: u64) -> Proven {
        let Some(seq) = self.ends.get(&position) else {
            let untouched = self.whole && !self.touched.contains(&position);
            return if untouched { Proven::Untouched } else { Proven::Nothing };
        };
        let query = format!("SELECT {ENTRY} FROM entries WHERE seq = ?1");
        let entry = self.reader.connection.query_row(&query, [seq], entry_of);
        match entry.ok().flatten().and_then(|(_, mut facts)| facts.pop()) {
            Some(Fact::RowEnded(ended)) => Proven::Ended(ended),
            Some(Fact::ContinuedIn(handed)) => Proven::WentOn(handed.to),
            _ => Proven::Nothing,
        }
    }
}

/// An entry's scope and facts; `None` if it was changed.
fn entry_of(entry: &Row<'_>) -> rusqlite::Result<Option<(i64, Vec<Fact>)>> {
    let (seq, scope, at): (i64, i64, i64) = (entry.get(0)?, entry.get(1)?, entry.get(2)?);
    let Ok(facts) = entry.get_ref(3)?.as_str() else { return Ok(None) };
    let holds = of_entry(seq, scope, at, facts) == entry.get::<_, i64>(4)?;
    Ok(serde_json::from_str(facts).ok().filter(|_| holds).map(|facts| (scope, facts)))
}
