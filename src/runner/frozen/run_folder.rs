//! A run's folder below the state folder, with its journal, its mark and the list of its rows.

use std::io;
use std::path::{Path, PathBuf};

use crate::io::journal::{JournalError, Store};
use crate::io::make_private_dir;
use crate::io::marks::{ListWriter, MarkError, MarkFiles, RUNS};
use crate::model::RunId;
use crate::plan::Plan;

/// A run's folder.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// The folder of a run below the state folder.
    #[must_use]
    pub fn of(state_dir: &Path, run: &RunId) -> Self {
        Self { path: state_dir.join(RUNS).join(run.as_str()) }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The journal's path.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.path.join("journal.sqlite")
    }

    /// Creates the folder and an empty journal in it.
    ///
    /// # Errors
    /// [`JournalError`] if the folder or the journal cannot be created.
    pub fn create(&self) -> Result<Store, JournalError> {
        make_private_dir(&self.path)
            .map_err(|error| JournalError::Io { path: self.path.display().to_string(), error })?;
        Store::create(&self.journal())
    }

    /// Removes the folder of a run that never began.
    pub fn discard(&self) {
        // Nothing was sent, so leftovers do no harm. The mark goes first: a mark without a folder means a lost run.
        if let Some(mark) = self.mark() {
            mark.remove();
        }
        let _ = std::fs::remove_dir_all(&self.path);
    }

    /// The paths of the run's mark, which lies outside its folder.
    #[must_use]
    pub fn mark(&self) -> Option<MarkFiles> {
        MarkFiles::of_journal(&self.journal())
    }

    /// Creates the list of the run's rows. `None` if no effect of the run could be repeated by another run.
    ///
    /// # Errors
    /// [`JournalError::Mark`] if the list cannot be created.
    pub fn begin_list(&self, plan: &Plan) -> Result<Option<ListWriter>, JournalError> {
        let Some(files) = self.mark().filter(|_| is_listed(plan)) else { return Ok(None) };
        let list = files.make_folder().and_then(|()| ListWriter::create(&files.list()));
        list.map(Some).map_err(|error| list_error(&files, error))
    }
}

/// Whether other runs must be able to find the rows of a run.
fn is_listed(plan: &Plan) -> bool {
    !plan.environment.is_sandbox() && !plan.effect_operations().is_empty()
}

/// The error of a list that cannot be written.
pub(super) fn list_error(files: &MarkFiles, error: io::Error) -> JournalError {
    MarkError::Io { path: files.list().display().to_string(), error }.into()
}
