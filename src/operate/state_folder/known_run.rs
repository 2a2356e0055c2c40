//! The runs in the state folder: their ids, and the run that a word such as `latest` names.

use std::fs;
use std::path::Path;

use super::lost_run::why_it_cannot_go_on;
use super::pruned_run::{PrunedStatus, pruned_run};
use crate::io::journal::{self, JournalError, Loss, LostRun, Reader, refuse_foreign};
use crate::io::marks::RUNS;
use crate::model::RunId;
use crate::operate::interface::{OrRefuse, Refusal};
use crate::runner::{FrozenRun, RunFolder};

/// A run that began, with its journal open for reading.
pub(crate) struct KnownRun {
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// Its journal.
    pub(crate) reader: Reader,
    /// The frozen run: playbook, settings and options as they were when it began.
    pub(crate) frozen: FrozenRun,
}

/// Lists the ids of the runs in the state folder, oldest first. A run whose folder is gone is known by its mark.
///
/// # Errors
/// [`Refusal::Broken`] where the runs cannot be listed, so that no run counts as missing.
pub(crate) fn run_ids(state: &Path) -> Result<Vec<String>, Refusal> {
    journal::run_ids(&state.join(RUNS)).or_refuse("the runs cannot be listed")
}

/// Reads a run; `None` where it never began or was pruned.
///
/// # Errors
/// The [`JournalError`] of a journal that exists and cannot be read, or belongs to another run.
pub(crate) fn read_run(state: &Path, id: &str) -> Result<Option<KnownRun>, JournalError> {
    let folder = RunFolder::of(state, &RunId::from_text(id));
    // A process that dies while it freezes the rows leaves no journal, or one without a frozen run.
    if fs::metadata(folder.journal()).is_ok_and(|file| file.len() == 0) || !folder.journal().exists() {
        return Ok(None);
    }
    // A prune that was killed may have left a part of the folder.
    if pruned_run(state, id).is_some() {
        return Ok(None);
    }
    let reader = Reader::open(&folder.journal())?;
    let frozen = FrozenRun::find(&reader)?;
    if let Some(other) = frozen.as_ref().map(|frozen| &frozen.run_id).filter(|own| own.as_str() != id) {
        return Err(JournalError::Damaged(format!("it is that of the run {other}")));
    }
    Ok(frozen.map(|frozen| KnownRun { folder, reader, frozen }))
}

/// Lists the runs that were made from a run and began, oldest first.
pub(crate) fn later_runs(known: &KnownRun) -> Vec<RunId> {
    later_runs_of(&known.folder, &known.reader)
}

/// Like [`later_runs`], for a run whose journal is open.
pub(super) fn later_runs_of(folder: &RunFolder, reader: &Reader) -> Vec<RunId> {
    let Some(state) = folder.path().parent().and_then(Path::parent) else { return Vec::new() };
    let all = FrozenRun::successors(reader).unwrap_or_default();
    // A run that cannot be read may have begun.
    all.into_iter().filter(|run| !matches!(read_run(state, run.as_str()), Ok(None))).collect()
}

/// Finds the run that a word names: `latest`, or any unique prefix of its id.
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Conflict`] where the run was pruned or something of
/// it is lost; [`Refusal::Broken`] where its journal cannot be read, or the runs cannot be listed.
pub(crate) fn find_run(state: &Path, word: &str) -> Result<KnownRun, Refusal> {
    let ids = run_ids(state)?;
    if word == "latest" {
        for id in ids.iter().rev() {
            // An unreadable run is reported, never passed over for an older one.
            if let Some(known) = read_run_or_refuse(state, id)? {
                return Ok(known);
            }
        }
        return Err(Refusal::Usage(format!("there is no run yet in {}", state.display())));
    }
    let meant: Vec<&String> = ids.iter().filter(|id| !word.is_empty() && id.starts_with(word)).collect();
    match meant.as_slice() {
        [] => Err(Refusal::Usage(format!("there is no run `{word}`: `runsheet runs list` shows those there are"))),
        [id] => known_run(state, &RunId::from_text(id.as_str())),
        several => {
            let listed: Vec<String> = several.iter().take(5).map(|id| format!("`{id}`")).collect();
            let more = if several.len() > 5 { " …" } else { "" };
            Err(Refusal::Usage(format!("`{word}` names {} runs: {}{more}", several.len(), listed.join(", "))))
        }
    }
}

/// Opens the run with this whole id.
///
/// # Errors
/// [`Refusal::Usage`] where it never began; [`Refusal::Conflict`] where it was pruned or something of it is lost;
/// [`Refusal::Broken`] where its journal cannot be read.
pub(crate) fn known_run(state: &Path, run: &RunId) -> Result<KnownRun, Refusal> {
    match (pruned_run(state, run.as_str()), read_run_or_refuse(state, run.as_str())?) {
        (Some(pruned), _) => Err(pruned.refusal()),
        (None, Some(known)) => Ok(known),
        (None, None) => Err(Refusal::Usage(format!("the run `{run}` never began, so nothing of it was sent"))),
    }
}

/// Reads a run; `None` where it never began.
///
/// # Errors
/// [`Refusal::Conflict`] where something of it is lost; [`Refusal::Broken`] where its journal cannot be read.
fn read_run_or_refuse(state: &Path, id: &str) -> Result<Option<KnownRun>, Refusal> {
    let run = RunId::from_text(id);
    let folder = RunFolder::of(state, &run);
    let lost = || LostRun::find(&run, &folder.journal());
    match read_run(state, id) {
        Ok(Some(known)) => Ok(Some(known)),
        Ok(None) => lost().map_or(Ok(None), |lost| Err(Refusal::Conflict(why_it_cannot_go_on(&lost)))),
        Err(error) => Err(match lost().filter(|lost| !matches!(lost.why, Loss::Unreadable(_))) {
            Some(lost) => Refusal::Conflict(why_it_cannot_go_on(&lost)),
            None => unreadable_run(&folder, id, &error),
        }),
    }
}

/// Finds the folder of the run that a word names, also where its journal is damaged or gone.
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Conflict`] where another user owns the journal, or
/// the run was pruned; [`Refusal::Broken`] where the runs cannot be listed.
pub(crate) fn find_run_folder(state: &Path, word: &str) -> Result<RunFolder, Refusal> {
    let ids = run_ids(state)?;
    let meant: Vec<&String> = match word {
        "latest" => ids.iter().rev().find(|id| pruned_run(state, id).is_none()).into_iter().collect(),
        word => ids.iter().filter(|id| !word.is_empty() && id.starts_with(word)).collect(),
    };
    match meant.as_slice() {
        [id] => {
            let folder = RunFolder::of(state, &RunId::from_text(id.as_str()));
            // A pruned run whose list of effects is spoilt is lost, and a person can state its outcome.
            if let Some(pruned) = pruned_run(state, id)
                && LostRun::find(&pruned.run, &folder.journal()).is_none()
            {
                return Err(pruned.refusal());
            }
            refuse_foreign(&folder.journal()).map_err(|error| unreadable_run(&folder, id, &error))?;
            Ok(folder)
        }
        [] => Err(Refusal::Usage(format!("there is no run `{word}`: `runsheet runs list` shows those there are"))),
        several => Err(Refusal::Usage(format!("`{word}` names {} runs: give more of the id", several.len()))),
    }
}

/// The refusal of a run whose journal exists and cannot be used.
pub(crate) fn unreadable_run(folder: &RunFolder, id: &str, error: &JournalError) -> Refusal {
    if let JournalError::NotOurs(why) = error {
        return Refusal::Conflict(format!("the run {id} is not used: {why}; nothing was sent"));
    }
    Refusal::broken(format!(
        "the run {id}: {error}\n  journal: {}\n  Nothing was sent. {}",
        folder.journal().display(),
        error.advice().replace("RUN", id)
    ))
}

/// Refuses a run whose journal lacks something that it once held.
///
/// # Errors
/// [`Refusal::Conflict`] with what is lost and what can be done; [`Refusal::Broken`] for a journal that cannot be read.
pub(crate) fn refuse_lost(known: &KnownRun) -> Result<(), Refusal> {
    refuse_pruned(known)?;
    match LostRun::find(&run_of_folder(&known.folder), &known.folder.journal()) {
        None => Ok(()),
        Some(lost) => Err(refusal(known, lost)),
    }
}

/// Refuses a run that was pruned after its journal was opened here.
fn refuse_pruned(known: &KnownRun) -> Result<(), Refusal> {
    let state = known.folder.path().parent().and_then(Path::parent);
    let pruned = state.and_then(|state| pruned_run(state, run_of_folder(&known.folder).as_str()));
    pruned.as_ref().map(PrunedStatus::refusal).map_or(Ok(()), Err)
}

/// The refusal of a run of which something is lost.
fn refusal(known: &KnownRun, lost: LostRun) -> Refusal {
    match lost.why {
        Loss::Unreadable(why) => unreadable_run(&known.folder, lost.run.as_str(), &JournalError::Damaged(why)),
        Loss::Gone
        | Loss::Short { .. }
        | Loss::Another
        | Loss::OtherRun(_)
        | Loss::NoMark
        | Loss::Mark(_)
        | Loss::Guard(_) => Refusal::Conflict(why_it_cannot_go_on(&lost)),
    }
}

/// Like [`refuse_lost`], for a resume that may start from a copy where `from_copy` is set. Returns whether the journal is a
/// copy.
///
/// # Errors
/// As [`refuse_lost`]; [`Refusal::Conflict`] too where `from_copy` is set and nothing is lost.
pub(crate) fn refuse_lost_or_copy(known: &KnownRun, from_copy: bool) -> Result<bool, Refusal> {
    if !from_copy {
        return refuse_lost(known).map(|()| false);
    }
    refuse_pruned(known)?;
    let run = run_of_folder(&known.folder);
    match LostRun::find(&run, &known.folder.journal()) {
        Some(lost) if lost.why.is_a_copy() => Ok(true),
        Some(lost) => Err(refusal(known, lost)),
        None => Err(Refusal::Conflict(format!(
            "nothing of the run {run} is lost, so it is not a copy: go on with `runsheet resume {run}`"
        ))),
    }
}

/// The run after which a folder is named.
pub(crate) fn run_of_folder(folder: &RunFolder) -> RunId {
    RunId::from_text(folder.path().file_name().unwrap_or_default().to_string_lossy())
}
