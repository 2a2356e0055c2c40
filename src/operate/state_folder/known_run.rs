//! Where runs are kept, and which of them a word means.

use std::fs;
use std::path::Path;

use super::lost_run::told_of_own;
use crate::io::journal::{JournalError, Loss, LostRun, Reader, refuse_foreign};
use crate::io::marks::{MarkFiles, RUNS};
use crate::model::RunId;
use crate::operate::interface::Refusal;
use crate::runner::{FrozenRun, RunFolder};

/// A run that began, with its folder.
pub(crate) struct Known {
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// Its journal.
    pub(crate) reader: Reader,
    /// What it is.
    pub(crate) frozen: FrozenRun,
}

/// The ids in the state folder, oldest first. A run whose folder is gone is known by its mark.
pub(crate) fn ids(state: &Path) -> Vec<String> {
    let runs = state.join(RUNS);
    let entries = fs::read_dir(&runs).into_iter().flatten().flatten();
    let mut ids: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    ids.extend(MarkFiles::runs(&runs));
    ids.sort();
    ids.dedup();
    ids
}

/// Opens a run; `None` where it never began.
///
/// # Errors
/// Its journal is there and cannot be read.
pub(crate) fn open(state: &Path, id: &str) -> Result<Option<Known>, JournalError> {
    let folder = RunFolder::of(state, &RunId::from_text(id));
    // A process that ends while it takes the rows in leaves no journal, or one that says nothing of a run.
    if fs::metadata(folder.journal()).is_ok_and(|file| file.len() == 0) || !folder.journal().exists() {
        return Ok(None);
    }
    let reader = Reader::open(&folder.journal())?;
    let frozen = FrozenRun::find(&reader)?;
    if let Some(other) = frozen.as_ref().map(|frozen| &frozen.run_id).filter(|own| own.as_str() != id) {
        return Err(JournalError::Damaged(format!("it is that of the run {other}")));
    }
    Ok(frozen.map(|frozen| Known { folder, reader, frozen }))
}

/// The runs that were made from a run and began, oldest first.
pub(crate) fn later_runs(known: &Known) -> Vec<RunId> {
    let Some(state) = known.folder.path().parent().and_then(Path::parent) else { return Vec::new() };
    let all = FrozenRun::successors(&known.reader).unwrap_or_default();
    // One that cannot be read may have begun.
    all.into_iter().filter(|run| !matches!(open(state, run.as_str()), Ok(None))).collect()
}

/// The run that a word names: `latest`, or any unique prefix of its id.
///
/// # Errors
/// None or several runs are meant.
pub(crate) fn find(state: &Path, word: &str) -> Result<Known, Refusal> {
    let ids = ids(state);
    if word == "latest" {
        for id in ids.iter().rev() {
            // One that cannot be read is told, never passed over for an older one.
            if let Some(known) = open_or_tell(state, id)? {
                return Ok(known);
            }
        }
        return Err(Refusal::Usage(format!("there is no run yet in {}", state.display())));
    }
    let meant: Vec<&String> = ids.iter().filter(|id| !word.is_empty() && id.starts_with(word)).collect();
    match meant.as_slice() {
        [] => Err(Refusal::Usage(format!("there is no run `{word}`: `runsheet runs list` shows those there are"))),
        [id] => open_or_tell(state, id)?
            .ok_or_else(|| Refusal::Usage(format!("the run `{id}` never began, so nothing of it was sent"))),
        several => {
            let listed: Vec<String> = several.iter().take(5).map(|id| format!("`{id}`")).collect();
            let more = if several.len() > 5 { " …" } else { "" };
            Err(Refusal::Usage(format!("`{word}` names {} runs: {}{more}", several.len(), listed.join(", "))))
        }
    }
}

/// Opens a run; `None` where it never began.
///
/// # Errors
/// Its journal is there and cannot be read, or is gone.
fn open_or_tell(state: &Path, id: &str) -> Result<Option<Known>, Refusal> {
    let run = RunId::from_text(id);
    let folder = RunFolder::of(state, &run);
    let lost = || LostRun::find(&run, &folder.journal());
    match open(state, id) {
        Ok(Some(known)) => Ok(Some(known)),
        Ok(None) => lost().map_or(Ok(None), |lost| Err(Refusal::Conflict(told_of_own(&lost)))),
        Err(error) => Err(match lost().filter(|lost| !matches!(lost.why, Loss::Unreadable(_))) {
            Some(lost) => Refusal::Conflict(told_of_own(&lost)),
            None => unreadable(&folder, id, &error),
        }),
    }
}

/// The folder of the run that a word names, whatever its journal is like.
///
/// # Errors
/// None or several runs are meant.
pub(crate) fn named(state: &Path, word: &str) -> Result<RunFolder, Refusal> {
    let ids = ids(state);
    let meant: Vec<&String> = match word {
        "latest" => ids.iter().next_back().into_iter().collect(),
        word => ids.iter().filter(|id| !word.is_empty() && id.starts_with(word)).collect(),
    };
    match meant.as_slice() {
        [id] => {
            let folder = RunFolder::of(state, &RunId::from_text(id.as_str()));
            refuse_foreign(&folder.journal()).map_err(|error| unreadable(&folder, id, &error))?;
            Ok(folder)
        }
        [] => Err(Refusal::Usage(format!("there is no run `{word}`: `runsheet runs list` shows those there are"))),
        several => Err(Refusal::Usage(format!("`{word}` names {} runs: give more of the id", several.len()))),
    }
}

/// The failure of a run whose journal is there and cannot be built on.
pub(crate) fn unreadable(folder: &RunFolder, id: &str, error: &JournalError) -> Refusal {
    if let JournalError::NotOurs(why) = error {
        return Refusal::Conflict(format!("the run {id} is not used: {why}; nothing was sent"));
    }
    Refusal::broken(format!(
        "the run {id}: {error}\n  journal: {}\n  Nothing was sent. {}",
        folder.journal().display(),
        error.advice().replace("RUN", id)
    ))
}

/// Refuses to go on with a run whose journal is not all that it once was.
///
/// # Errors
/// [`Refusal::Conflict`] with what is lost and what can be done; [`Refusal::Broken`] for a journal that cannot be read.
pub(crate) fn refuse_lost(known: &Known) -> Result<(), Refusal> {
    match LostRun::find(&run_of(&known.folder), &known.folder.journal()) {
        None => Ok(()),
        Some(lost) => Err(refusal(known, lost)),
    }
}

fn refusal(known: &Known, lost: LostRun) -> Refusal {
    match lost.why {
        Loss::Unreadable(why) => unreadable(&known.folder, lost.run.as_str(), &JournalError::Damaged(why)),
        Loss::Gone | Loss::Short { .. } | Loss::Another | Loss::OtherRun(_) | Loss::NoMark | Loss::Mark(_) => {
            Refusal::Conflict(told_of_own(&lost))
        }
    }
}

/// The same for a run that is to go on from a copy where it `may` be one; whether it is.
///
/// # Errors
/// As [`refuse_lost`]; [`Refusal::Conflict`] too where nothing is lost.
pub(crate) fn refuse_lost_or_copy(known: &Known, may: bool) -> Result<bool, Refusal> {
    if !may {
        return refuse_lost(known).map(|()| false);
    }
    let run = run_of(&known.folder);
    match LostRun::find(&run, &known.folder.journal()) {
        Some(lost) if lost.why.is_a_copy() => Ok(true),
        Some(lost) => Err(refusal(known, lost)),
        None => Err(Refusal::Conflict(format!(
            "nothing of the run {run} is lost, so it is no copy: go on with `runsheet resume {run}`"
        ))),
    }
}

/// The run that a folder is named after.
pub(crate) fn run_of(folder: &RunFolder) -> RunId {
    RunId::from_text(folder.path().file_name().unwrap_or_default().to_string_lossy())
}
