//! Whether a run's journal is all that its mark says it once was; if not, what is lost of it.

use std::fmt;
use std::path::Path;

use super::effects::ENVIRONMENT;
use super::reader::Reader;
use super::schema::JournalError;
use super::store::Store;
use super::watermark::{Progress, Trail, Watermark};
use crate::io::marks::{Mark, MarkError, MarkFiles};
use crate::model::{RowOutcome, RunId, StepScope, Time, Value};

/// The name under which a journal keeps the run whose mark lies outside its folder.
const MARK: &str = "mark";

/// What is wrong with what is left of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// The journal is gone, or the whole folder.
    Gone,
    /// The journal cannot be read.
    Unreadable(String),
    /// The journal ends before the mark does.
    Short {
        /// The journal's last entry.
        last: u64,
        /// The last entry by the mark.
        marked: u64,
        /// When the mark's last entry was decided.
        until: Option<Time>,
    },
    /// Its entries are not those that the mark was written for: it was put back from another copy.
    Another,
    /// The journal is another run's.
    OtherRun(String),
    /// The journal has a mark, and the mark is not there: nobody knows how far the run has come.
    NoMark,
    /// The mark is there and cannot be used.
    Mark(String),
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("its journal is gone"),
            Self::Unreadable(why) => write!(f, "its journal cannot be read: {why}"),
            Self::Short { last, marked, until } => {
                write!(f, "its journal lacks the entries {} to {marked}", last + 1)?;
                if let Some(until) = until {
                    write!(f, ", the last of {until}")?;
                }
                f.write_str(": it was cut, or an older copy was put back")
            }
            Self::Another => {
                f.write_str("its journal is not the one that it last went on with: another copy was put back")
            }
            Self::OtherRun(run) => write!(f, "its folder holds the journal of {run}"),
            Self::NoMark => f.write_str("its mark is gone, so that nobody knows whether its journal is the latest"),
            Self::Mark(why) => write!(f, "its mark cannot be used: {why}"),
        }
    }
}

impl Lost {
    /// Whether the journal is sound in itself, so that the run can go on from it as from a copy.
    #[must_use]
    pub fn is_a_copy(&self) -> bool {
        match self {
            Self::Short { .. } | Self::Another | Self::NoMark | Self::Mark(_) => true,
            Self::Gone | Self::Unreadable(_) | Self::OtherRun(_) => false,
        }
    }

    /// What a mark that cannot be read says. One that a later runsheet made is not spoilt, and must not be replaced.
    pub(super) fn of_mark(error: &MarkError) -> Self {
        match error {
            MarkError::TooNew { .. } => Self::Unreadable(error.to_string()),
            MarkError::Io { .. } | MarkError::Spoilt(_) | MarkError::Gone(_) => Self::Mark(error.to_string()),
        }
    }

    /// What an error says of the run whose journal was being read.
    pub(super) fn of(error: &JournalError) -> Self {
        match error {
            JournalError::Mark(error) => Self::of_mark(error),
            JournalError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => Self::Gone,
            JournalError::Sqlite(_)
            | JournalError::Io { .. }
            | JournalError::Locked { .. }
            | JournalError::Empty(_)
            | JournalError::NotAJournal(_)
            | JournalError::TooNew { .. }
            | JournalError::Damaged(_)
            | JournalError::NotOurs(_)
            | JournalError::Gone(_) => Self::Unreadable(error.to_string()),
        }
    }
}

/// What a run's mark says: what the run is, and how far it has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Marked {
    /// What the run is; none where it has no mark.
    pub(super) mark: Option<Box<Mark>>,
    /// How far it has come, by the mark or by the older file beside its journal.
    pub(super) progress: Progress,
}

impl Marked {
    /// Reads the mark of a journal.
    pub(super) fn read(journal: &Path) -> Result<Self, MarkError> {
        let files = MarkFiles::of_journal(journal);
        let mark = files.as_ref().map(Mark::read).transpose()?.flatten();
        if let (Some(files), Some(mark)) = (&files, &mark)
            && !(mark.of_a_word || files.synced().exists())
        {
            return Err(MarkError::Gone(files.synced().display().to_string()));
        }
        Ok(Self { mark: mark.map(Box::new), progress: Watermark::read(journal)? })
    }

    /// What a run is by its mark, whatever became of the mark's other files.
    pub(super) fn read_mark(journal: &Path) -> Option<Box<Mark>> {
        Mark::read(&MarkFiles::of_journal(journal)?).ok().flatten().map(Box::new)
    }

    /// Reads how far the run has come by now.
    pub(super) fn read_on(&mut self, journal: &Path) -> Result<(), MarkError> {
        self.progress = Watermark::read(journal)?;
        Ok(())
    }

    /// Whether an entry of the run ever was on the disk.
    pub(super) fn has_begun(&self) -> bool {
        self.progress.seq > 0
    }

    /// What a journal lacks of it. It must have been read before the journal is.
    pub(super) fn lacks(&self, reader: &Reader, journal: &Path, run: &RunId) -> Result<Option<Lost>, JournalError> {
        // Written after the name, so read ahead of it: the run may be about to begin.
        let has_environment = reader.meta(ENVIRONMENT)?.is_some();
        let named = reader.meta(MARK)?.and_then(|run| run.as_str().map(str::to_owned));
        match (&self.mark, named) {
            (None, Some(named)) if named == run.as_str() => {
                // It may have begun between the look for its mark and the look into its journal.
                return match Self::read(journal) {
                    Ok(now) if now.mark.is_some() => now.lacks(reader, journal, run),
                    Ok(_) => Ok((!reader.is_over()?).then_some(Lost::NoMark)),
                    Err(error) => Ok(Some(Lost::of_mark(&error))),
                };
            }
            (_, Some(named)) if named != run.as_str() => return Ok(Some(Lost::OtherRun(format!("the run {named}")))),
            // One that has not begun has said nothing yet.
            (Some(_), None) if has_environment => {
                return Ok(Some(Lost::OtherRun("another run".to_owned())));
            }
            (Some(_) | None, _) => {}
        }
        if let Some(short) = self.is_ahead_of(reader)? {
            return Ok(Some(short));
        }
        // Somebody saw that it was lost: it is believed again when all of it is as it was written.
        if self.mark.as_ref().is_some_and(|mark| mark.word().is_some()) {
            reader.verify(journal)?;
        }
        let several = self.mark.as_ref().is_some_and(|mark| !mark.copies.is_empty());
        let Progress { seq, trail, .. } = self.progress;
        if several && trail.is_some_and(|trail| reader.trail_up_to(seq).ok() != Some(trail)) {
            return Ok(Some(Lost::Another));
        }
        Ok(None)
    }

    /// The entries that a journal lacks at its end.
    pub(super) fn is_ahead_of(&self, reader: &Reader) -> Result<Option<Lost>, JournalError> {
        let Progress { seq: marked, at: until, .. } = self.progress;
        let last = reader.last_entry()?;
        Ok((last < marked).then_some(Lost::Short { last, marked, until }))
    }
}

impl Reader {
    /// The number of the last entry.
    pub(super) fn last_entry(&self) -> Result<u64, JournalError> {
        let last: Option<u64> = self.connection.query_row("SELECT max(seq) FROM entries", [], |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    /// Whether it is that run's journal, as far as it says whose it is.
    pub(super) fn is_of(&self, run: &RunId) -> bool {
        let named = self.meta(MARK).ok().flatten();
        named.is_none_or(|named| named.as_str() == Some(run.as_str()))
    }

    fn trail_up_to(&self, last: u64) -> Result<Trail, JournalError> {
        let mut query = self.connection.prepare("SELECT seq, scope FROM entries WHERE seq <= ?1")?;
        let mut entries = query.query([last])?;
        let mut trail = Trail::default();
        while let Some(entry) = entries.next()? {
            trail = trail.with(entry.get(0)?, entry.get(1)?);
        }
        Ok(trail)
    }

    /// Whether the run has come to its end and no row of it is unknown, so that nothing more was sent for it.
    fn is_over(&self) -> Result<bool, JournalError> {
        let facts = self.facts(StepScope::Run)?;
        let finished = matches!(facts.last(), Some((_, crate::journal::Fact::Finished)));
        let all = self.ended_count()? == self.row_count()?;
        Ok(finished && all && self.ended_as(&[RowOutcome::Unknown.as_str()])?.is_empty())
    }
}

impl Store {
    /// Keeps in the journal that its run has a mark.
    ///
    /// # Errors
    /// The disk's or SQLite's trouble.
    pub fn set_marked(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.set_meta(MARK, &Value::from(run.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_began_while_it_was_looked_at_has_its_mark() {
        let state = tempfile::tempdir().unwrap();
        let run = RunId::from_text("r-1");
        let folder = state.path().join("runs/r-1");
        std::fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("journal.sqlite");
        let mut store = Store::create(&journal).unwrap();
        let before = Marked::read(&journal).unwrap();
        assert!(before.mark.is_none() && !before.has_begun());
        let files = MarkFiles::of_journal(&journal).unwrap();
        Mark::new(run.clone(), Time::from_secs(1)).write(&files).unwrap();
        store.set_marked(&run).unwrap();
        store.set_environment("near").unwrap();
        let reader = Reader::open(&journal).unwrap();
        assert_eq!(before.lacks(&reader, &journal, &run).unwrap(), None);
        std::fs::remove_file(files.about()).unwrap();
        assert_eq!(before.lacks(&reader, &journal, &run).unwrap(), Some(Lost::NoMark));
        let other = RunId::from_text("r-2");
        let told = before.lacks(&reader, &journal, &other).unwrap();
        assert_eq!(told, Some(Lost::OtherRun("the run r-1".to_owned())));
    }
}
