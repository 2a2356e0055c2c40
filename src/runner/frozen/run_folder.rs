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

    /// Makes the folder and an empty journal in it.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn create(&self) -> Result<Store, JournalError> {
        make_private_dir(&self.path)
            .map_err(|error| JournalError::Io { path: self.path.display().to_string(), error })?;
        Store::create(&self.journal())
    }

    /// Removes the folder of a run that never began.
    pub fn discard(&self) {
        // Nothing was sent for it; what cannot be removed harms nobody. The mark goes first: a mark alone is of a lost run.
        if let Some(mark) = self.mark() {
            mark.remove();
        }
        let _ = std::fs::remove_dir_all(&self.path);
    }

    /// The run's mark, which lies outside its folder.
    #[must_use]
    pub fn mark(&self) -> Option<MarkFiles> {
        MarkFiles::of_journal(&self.journal())
    }

    /// Begins the list of a run's rows; `None` where nothing of it could be made twice.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn begin_list(&self, plan: &Plan) -> Result<Option<ListWriter>, JournalError> {
        let Some(files) = self.mark().filter(|_| is_listed(plan)) else { return Ok(None) };
        let list = files.make_folder().and_then(|()| ListWriter::create(&files.list()));
        list.map(Some).map_err(|error| list_error(&files, error))
    }
}

fn is_listed(plan: &Plan) -> bool {
    !plan.environment.is_sandbox() && !plan.effect_operations().is_empty()
}

pub(super) fn list_error(files: &MarkFiles, error: io::Error) -> JournalError {
    MarkError::Io { path: files.list().display().to_string(), error }.into()
}
