//! What is left in the state folder without being a run: folders that a killed prune did not remove, and runs that never
//! began.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::io::journal::RunLock;
use crate::io::marks::Mark;
use crate::model::RunId;
use crate::operate::interface::Refusal;
use crate::operate::state_folder::{pruned_run, read_run, run_ids};
use crate::runner::RunFolder;

/// The least age of a run that never began, because one that begins just now looks the same.
const BEGINNING_TAKES: Duration = Duration::from_secs(24 * 60 * 60);

/// The runs that a killed prune marked as pruned, and whose folders are still there or may be.
///
/// # Errors
/// [`Refusal::Broken`] where the runs cannot be listed.
pub(super) fn half_removed(state: &Path) -> Result<Vec<RunId>, Refusal> {
    let half = |id: &String| {
        let run = RunId::from_text(id.as_str());
        let files = RunFolder::of(state, &run).mark()?;
        files.guard().exists().then_some(())?;
        let pruned = Mark::read(&files).ok().flatten()?.pruned?;
        (!pruned.removed).then_some(run)
    };
    Ok(run_ids(state)?.iter().filter_map(half).collect())
}

/// The runs that never began, and in whose folders nothing was written for at least `age`.
///
/// # Errors
/// As [`half_removed`].
pub(super) fn never_began(state: &Path, age: Duration) -> Result<Vec<RunId>, Refusal> {
    let age = age.max(BEGINNING_TAKES);
    let never = |id: &String| {
        let run = RunId::from_text(id.as_str());
        let folder = RunFolder::of(state, &run);
        let is_left = folder.path().is_dir()
            && last_written(folder.path()).is_some_and(|at| at.elapsed().is_ok_and(|since| since >= age))
            && pruned_run(state, id).is_none()
            && matches!(read_run(state, id), Ok(None))
            && !RunLock::is_held(folder.path())
            && !has_begun(&folder);
        is_left.then_some(run)
    };
    Ok(run_ids(state)?.iter().filter_map(never).collect())
}

/// Whether the mark of a run says that it has entries, or cannot be read.
fn has_begun(folder: &RunFolder) -> bool {
    !crate::io::journal::synced_entries(&folder.journal()).is_ok_and(|entries| entries == 0)
}

/// When anything in a folder was last written.
fn last_written(folder: &Path) -> Option<SystemTime> {
    let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    let files = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| written(&entry.path()));
    files.chain(written(folder)).max()
}
