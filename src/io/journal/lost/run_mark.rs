//! What a run's mark says, compared with what its journal holds.

use std::path::Path;

use super::loss::Loss;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::{ENVIRONMENT, MARK};
use crate::io::journal::guards::{Progress, Watermark};
use crate::io::journal::read::Reader;
use crate::io::marks::{GuardList, ListError, Mark, MarkError, MarkFiles};
use crate::io::system::Descriptors;
use crate::model::RunId;

/// A run's mark together with its watermark: what the run is, and how far it came.
#[derive(Debug, Clone, Default)]
pub(in crate::io::journal) struct RunMark {
    /// What the run is; `None` if it has no mark.
    pub(in crate::io::journal) mark: Option<Box<Mark>>,
    /// How far it came, by its watermark.
    pub(in crate::io::journal) progress: Progress,
}

impl RunMark {
    /// Reads the mark and the watermark of a journal.
    ///
    /// # Errors
    /// [`MarkError`] if one of the files cannot be read, was changed, or is gone while the other is there.
    pub(in crate::io::journal) fn read(journal: &Path) -> Result<Self, MarkError> {
        let files = MarkFiles::of_journal(journal);
        let mark = files.as_ref().map(Mark::read).transpose()?.flatten();
        if let (Some(files), Some(mark)) = (&files, &mark)
            && !(mark.only_a_decision || files.synced().exists())
        {
            return Err(MarkError::Gone(files.synced().display().to_string()));
        }
        Ok(Self { mark: mark.map(Box::new), progress: Watermark::read(journal)? })
    }

    /// Reads what a run is, even if its watermark cannot be read; `None` if that cannot be read either.
    pub(in crate::io::journal) fn read_mark(journal: &Path) -> Option<Box<Mark>> {
        Mark::read(&MarkFiles::of_journal(journal)?).ok().flatten().map(Box::new)
    }

    /// Reads the effects of a pruned run; `None` if the run was not pruned.
    ///
    /// # Errors
    /// [`MarkError::Spoilt`] if the list is gone or was changed, so that nothing says what the run made; [`MarkError::Io`] if
    /// this process could not open it.
    pub(in crate::io::journal) fn guard(&self, journal: &Path) -> Result<Option<GuardList>, MarkError> {
        let Some(pruned) = self.mark.as_ref().and_then(|mark| mark.pruned.as_ref()) else { return Ok(None) };
        let Some(files) = MarkFiles::of_journal(journal) else { return Ok(None) };
        let path = files.guard();
        let shown = || path.display().to_string();
        match GuardList::read(&path, &pruned.guard) {
            Ok(list) => Ok(Some(list)),
            Err(ListError::Io(error)) if Descriptors::is_shortage(&error) => {
                Err(MarkError::Io { path: shown(), error })
            }
            Err(ListError::Io(_) | ListError::Spoilt) => Err(MarkError::Spoilt(shown())),
        }
    }

    /// Reads the watermark again.
    pub(in crate::io::journal) fn read_on(&mut self, journal: &Path) -> Result<(), MarkError> {
        self.progress = Watermark::read(journal)?;
        Ok(())
    }

    /// Whether any entry of the run was ever synced.
    pub(in crate::io::journal) fn has_begun(&self) -> bool {
        self.progress.seq > 0
    }

    /// Compares a journal with the mark; `Some` with what is lost. The mark must have been read before the journal.
    pub(in crate::io::journal) fn find_loss(
        &self,
        reader: &Reader,
        journal: &Path,
        run: &RunId,
    ) -> Result<Option<Loss>, JournalError> {
        // Written after the name of the mark, so read before it: the run may be about to begin.
        let has_environment = reader.meta(ENVIRONMENT)?.is_some();
        let named = reader.meta(MARK)?.and_then(|run| run.as_str().map(str::to_owned));
        match (&self.mark, named) {
            (None, Some(named)) if named == run.as_str() => {
                // The run may have begun after its mark was looked for and before its journal was read.
                return match Self::read(journal) {
                    Ok(now) if now.mark.is_some() => now.find_loss(reader, journal, run),
                    Ok(_) => Ok((!reader.is_over()?).then_some(Loss::NoMark)),
                    Err(error) => Ok(Some(Loss::of_mark(&error))),
                };
            }
            (_, Some(named)) if named != run.as_str() => return Ok(Some(Loss::OtherRun(format!("the run {named}")))),
            // A run that has not begun has stored neither.
            (Some(_), None) if has_environment => {
                return Ok(Some(Loss::OtherRun("another run".to_owned())));
            }
            (Some(_) | None, _) => {}
        }
        if let Some(short) = self.missing_entries(reader)? {
            return Ok(Some(short));
        }
        // A person has decided about it as lost, so it counts as sound only if all of it verifies.
        if self.mark.as_ref().is_some_and(|mark| mark.decision().is_some()) {
            reader.verify(journal)?;
        }
        let several = self.mark.as_ref().is_some_and(|mark| !mark.copies.is_empty());
        let Progress { seq, entry_hash, .. } = self.progress;
        if several && entry_hash.is_some_and(|entry_hash| reader.entry_hash_up_to(seq).ok() != Some(entry_hash)) {
            return Ok(Some(Loss::Another));
        }
        Ok(None)
    }

    /// The entries that a journal lacks at its end; `None` if it lacks none.
    pub(in crate::io::journal) fn missing_entries(&self, reader: &Reader) -> Result<Option<Loss>, JournalError> {
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
    fn a_run_that_begins_while_it_is_looked_at_counts_as_marked() {
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
        assert_eq!(before.find_loss(&reader, &journal, &run).unwrap(), None);
        std::fs::remove_file(files.about()).unwrap();
        assert_eq!(before.find_loss(&reader, &journal, &run).unwrap(), Some(Loss::NoMark));
        let other = RunId::from_text("r-2");
        let loss = before.find_loss(&reader, &journal, &other).unwrap();
        assert_eq!(loss, Some(Loss::OtherRun("the run r-1".to_owned())));
    }
}
