//! Where the marks are: in `marks` beside `runs`, each file named after its run.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::io::make_private_dir;
#[cfg(test)]
use crate::model::RunId;

/// The folder below a state folder that holds the runs.
pub const RUNS: &str = "runs";

/// The folder below a state folder that holds the marks.
pub const MARKS: &str = "marks";

/// The extension of the file that says what a run is.
const ABOUT: &str = "json";

/// The paths of one run's mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkFiles {
    folder: PathBuf,
    run: String,
}

impl MarkFiles {
    /// The mark of a run in a state folder.
    #[cfg(test)]
    #[must_use]
    pub(super) fn of(state: &Path, run: &RunId) -> Self {
        Self { folder: state.join(MARKS), run: run.as_str().to_owned() }
    }

    /// The mark that belongs to a journal; `None` for a journal outside a folder of runs, such as a copy.
    #[must_use]
    pub fn of_journal(journal: &Path) -> Option<Self> {
        let folder = journal.parent()?;
        let runs = folder.parent().filter(|runs| runs.file_name().is_some_and(|name| name == RUNS))?;
        let run = folder.file_name()?.to_str()?.to_owned();
        Some(Self { folder: runs.parent()?.join(MARKS), run })
    }

    /// The run of the file that says what a run is, by the file's name; `None` for any other file.
    #[must_use]
    pub fn run_of(name: &str) -> Option<&str> {
        name.strip_suffix(ABOUT)?.strip_suffix('.').filter(|run| !run.is_empty())
    }

    /// The folder of the marks; `runs` is the folder of all runs.
    #[must_use]
    pub fn folder_beside(runs: &Path) -> Option<PathBuf> {
        Some(runs.parent()?.join(MARKS))
    }

    /// The file that says what the run is.
    #[must_use]
    pub fn about(&self) -> PathBuf {
        self.file(ABOUT)
    }

    /// The watermark: how far the run came.
    #[must_use]
    pub fn synced(&self) -> PathBuf {
        self.file("synced")
    }

    /// The list of the hashes of the run's rows.
    #[must_use]
    pub fn list(&self) -> PathBuf {
        self.file("rows")
    }

    /// The list of the rows that a person's decision names; decisions count from 0.
    #[must_use]
    pub fn rows_of_decision(&self, decision: usize) -> PathBuf {
        self.file(&format!("rows-{decision}"))
    }

    /// The list of the effects of a pruned run.
    #[must_use]
    pub fn guard(&self) -> PathBuf {
        self.file("guard")
    }

    fn file(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", self.run))
    }

    /// Creates the folder of the marks, readable by its owner alone.
    ///
    /// # Errors
    /// The system's error if a file cannot be written or synced.
    pub fn make_folder(&self) -> io::Result<()> {
        make_private_dir(&self.folder)
    }

    /// Syncs the folder, so that the names of new files are on the disk.
    ///
    /// # Errors
    /// The system's error if a file cannot be written or synced.
    pub fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// Removes the mark of a run that never began.
    pub fn remove(&self) {
        for file in [self.about(), self.synced(), self.list()] {
            // A file that stays does no harm: it says that the run has no entries, so that nothing was sent.
            let _ = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_journal_in_a_folder_of_runs_has_a_mark() {
        let files = MarkFiles::of_journal(Path::new("/s/runs/r-1/journal.sqlite")).unwrap();
        assert_eq!(files, MarkFiles::of(Path::new("/s"), &RunId::from_text("r-1")));
        assert_eq!(files.about(), Path::new("/s/marks/r-1.json"));
        assert_eq!(MarkFiles::of_journal(Path::new("/s/copies/r-1/journal.sqlite")), None);
    }
}
