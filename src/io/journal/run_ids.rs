//! Which runs there are, by their folders and by their marks.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::io::journal::format::JournalError;
use crate::io::marks::MarkFiles;

/// The ids of all runs, sorted, so that the oldest is first; `runs` is the folder of all runs. A run whose folder is gone is
/// known by its mark.
///
/// # Errors
/// [`JournalError::Io`] if one of the two folders exists and cannot be listed. Then no run counts as missing.
pub fn run_ids(runs: &Path) -> Result<Vec<String>, JournalError> {
    let mut ids = names_in(runs)?;
    if let Some(marks) = MarkFiles::folder_beside(runs) {
        ids.extend(names_in(&marks)?.iter().filter_map(|name| MarkFiles::run_of(name)).map(str::to_owned));
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// The names in a folder; none if there is no such folder. Ids of runs are ASCII, so other names are left out.
fn names_in(folder: &Path) -> Result<Vec<String>, JournalError> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        let names = entries.map(|entry| Ok(entry?.file_name().into_string().ok()));
        names.filter_map(Result::transpose).collect::<io::Result<_>>()
    });
    match listed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(|error| JournalError::Io { path: folder.display().to_string(), error }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_listed_by_folders_and_marks_and_a_folder_that_cannot_be_listed_is_an_error() {
        let state = tempfile::tempdir().unwrap();
        let runs = state.path().join("runs");
        assert_eq!(run_ids(&runs).unwrap(), [""; 0]);
        fs::create_dir_all(runs.join("r-2")).unwrap();
        assert_eq!(run_ids(&runs).unwrap(), ["r-2"]);
        let marks = state.path().join("marks");
        fs::create_dir(&marks).unwrap();
        for name in ["r-1.json", "r-1.synced", "r-2.json", ".json.new"] {
            fs::write(marks.join(name), "").unwrap();
        }
        assert_eq!(run_ids(&runs).unwrap(), ["r-1", "r-2"]);
        fs::remove_dir_all(&marks).unwrap();
        fs::write(&marks, "a file in its place").unwrap();
        let error = run_ids(&runs).unwrap_err().to_string();
        assert!(error.contains("marks`"), "{error}");
    }
}
