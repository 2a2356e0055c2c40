//! What a run's mark says, compared with what its journal holds.

use std::path::Path;

use super::loss::Loss;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENVIRONMENT, MARK};
use crate::io::journal::guards::{Progress, Watermark};
use crate::io::journal::read::Reader;
use crate::io::marks::{Mark, MarkError, MarkFiles};
use crate::model::RunId;

/// What a run's mark says: what the run is, and how far it has come.
#[derive(Debug, Clone, Default)]
pub(in crate::io::journal) struct RunMark {
    /// What the run is; none where it has no mark.
    pub(in crate::io::journal) mark: Option<Box<Mark>>,
    /// How far it has come, by the mark or by the older file beside its journal.
    pub(in crate::io::journal) progress: Progress,
}

impl RunMark {
    /// Reads the mark of a journal.
    pub(in crate::io::journal) fn read(journal: &Path) -> Result<Self, MarkError> {
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
    pub(in crate::io::journal) fn read_mark(journal: &Path) -> Option<Box<Mark>> {
        Mark::read(&MarkFiles::of_journal(journal)?).ok().flatten().map(Box::new)
    }

    /// Reads how far the run has come by now.
    pub(in crate::io::journal) fn read_on(&mut self, journal: &Path) -> Result<(), MarkError> {
        self.progress = Watermark::read(journal)?;
        Ok(())
    }

    /// Whether an entry of the run ever was on the disk.
    pub(in crate::io::journal) fn has_begun(&self) -> bool {
        self.progress.seq > 0
    }

    /// What a journal lacks of it. It must have been read before the journal is.
    pub(in crate::io::journal) fn lacks(
        &self,
        reader: &Reader,
        journal: &Path,
        run: &RunId,
    ) -> Result<Option<Loss>, JournalError> {
        // WriteResult after the name, so read ahead of it: the run may be about to begin.
        let has_environment = reader.meta(ENVIRONMENT)?.is_some();
        let named = reader.meta(MARK)?.and_then(|run| run.as_str().map(str::to_owned));
        match (&self.mark, named) {
            (None, Some(named)) if named == run.as_str() => {
                // It may have begun between the look for its mark and the look into its journal.
                return match Self::read(journal) {
                    Ok(now) if now.mark.is_some() => now.lacks(reader, journal, run),
                    Ok(_) => Ok((!reader.is_over()?).then_some(Loss::NoMark)),
                    Err(error) => Ok(Some(Loss::of_mark(&error))),
                };
            }
            (_, Some(named)) if named != run.as_str() => return Ok(Some(Loss::OtherRun(format!("the run {named}")))),
            // One that has not begun has said nothing yet.
            (Some(_), None) if has_environment => {
                return Ok(Some(Loss::OtherRun("another run".to_owned())));
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
            return Ok(Some(Loss::Another));
        }
        Ok(None)
    }

    /// The entries that a journal lacks at its end.
    pub(in crate::io::journal) fn is_ahead_of(&self, reader: &Reader) -> Result<Option<Loss>, JournalError> {
        let Progress { seq: marked, at: until, .. } = self.progress;
        let last = reader.last_entry()?;
        Ok((last < marked).then_some(Loss::Short { last, marked, until }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::journal::write::Store;
    use crate::model::Time;

    #[test]
    fn a_run_that_began_while_it_was_looked_at_has_its_mark() {
        let state = tempfile::tempdir().unwrap();
        let run = RunId::from_text("r-1");
        let folder = state.path().join("runs/r-1");
        std::fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("journal.sqlite");
        let mut store = Store::create(&journal).unwrap();
        let before = RunMark::read(&journal).unwrap();
        assert!(before.mark.is_none() && !before.has_begun());
        let files = MarkFiles::of_journal(&journal).unwrap();
        Mark::new(run.clone(), Time::from_secs(1)).write(&files).unwrap();
        store.set_marked(&run).unwrap();
        store.set_environment("near").unwrap();
        let reader = Reader::open(&journal).unwrap();
        assert_eq!(before.lacks(&reader, &journal, &run).unwrap(), None);
        std::fs::remove_file(files.about()).unwrap();
        assert_eq!(before.lacks(&reader, &journal, &run).unwrap(), Some(Loss::NoMark));
        let other = RunId::from_text("r-2");
        let told = before.lacks(&reader, &journal, &other).unwrap();
        assert_eq!(told, Some(Loss::OtherRun("the run r-1".to_owned())));
    }
}
