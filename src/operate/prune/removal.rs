//! Removes the runs of one family. A process may die after any step:
//!
//! 1. All members are locked, and judged once more: from here on nobody resumes, retries or undoes one of them.
//! 2. For each member the list of its effects is written beside its mark. Nothing reads it yet.
//! 3. Each mark says that its run was pruned. From here on the list stands for the journal.
//! 4. The folders are removed, the journals first. What is left after a crash is removed by the next prune.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::candidate::judge_journal;
use super::families::PrunedFamily;
use super::request::PruneRequest;
use super::rules::KeptBecause;
use crate::io::journal::{JournalError, RunLock, Store, synced_at};
use crate::io::marks::{GuardList, Mark, MarkFiles, MarkedPlaybook, PrunedRun};
use crate::io::{crash_point, user_name};
use crate::model::{RowOutcome, RunId, Time};
use crate::operate::interface::Refusal;
use crate::operate::runs::RunStatus;
use crate::operate::state_folder::{KnownRun, later_runs, read_run};
use crate::operate::stored_run::lock_run;
use crate::report::RowCounts;
use crate::runner::{LinkKind, RunFolder};

/// Why a family was not removed.
pub(super) enum NotRemoved {
    /// This member is kept.
    Kept(RunId, KeptBecause),
    /// This member could not be removed.
    Failed(RunId, String),
}

/// A member that is locked and may be removed.
struct LockedRun {
    known: KnownRun,
    status: RunStatus,
    files: MarkFiles,
    _lock: RunLock,
}

/// Removes the runs of a family. Returns for each how many effects are still guarded.
///
/// # Errors
/// [`NotRemoved`] says which member is kept or could not be removed.
pub(super) fn remove_family(
    state: &Path,
    family: PrunedFamily,
    request: &PruneRequest,
    now: Time,
) -> Result<Vec<(RunId, u64)>, NotRemoved> {
    let own: BTreeSet<RunId> = family.members.iter().map(|member| member.status.run.clone()).collect();
    let mut locked = Vec::new();
    for member in family.members {
        locked.push(lock(state, member.status, &own, request, now)?);
    }
    let mut pruned = Vec::new();
    for member in &locked {
        pruned.push(guard(member, now).map_err(|error| failed(member, &error))?);
    }
    for (member, pruned) in locked.iter().zip(&pruned) {
        crash_point();
        mark_as_pruned(member, pruned.clone()).map_err(|error| failed(member, &error))?;
    }
    let mut removed = Vec::new();
    for (member, pruned) in locked.into_iter().zip(pruned) {
        crash_point();
        let run = member.status.run.clone();
        let folder = member.known.folder.clone();
        let gone = remove_folder(&folder);
        // Until here the lock is held, so that nobody goes on with what is left of the folder.
        drop(member);
        gone.map_err(|error| NotRemoved::Failed(run.clone(), error.to_string()))?;
        removed.push((run, pruned.effects));
    }
    Ok(removed)
}

fn failed(member: &LockedRun, error: &JournalError) -> NotRemoved {
    NotRemoved::Failed(member.status.run.clone(), error.to_string())
}

/// Locks a member and judges it once more.
fn lock(
    state: &Path,
    status: RunStatus,
    own: &BTreeSet<RunId>,
    request: &PruneRequest,
    now: Time,
) -> Result<LockedRun, NotRemoved> {
    let run = status.run.clone();
    let kept = |why| NotRemoved::Kept(run.clone(), why);
    let wrong = |why: String| NotRemoved::Failed(run.clone(), why);
    let opened = read_run(state, run.as_str()).map_err(|error| wrong(error.to_string()))?;
    let known = opened.ok_or_else(|| kept(KeptBecause::Changed))?;
    let lock = lock_run(&known.folder, &known.frozen).map_err(|refusal| match refusal {
        Refusal::Conflict(_) => kept(KeptBecause::UnderWay),
        Refusal::Usage(_) | Refusal::Invalid(_) | Refusal::Broken(_) => wrong(refusal.to_string()),
    })?;
    if later_runs(&known).iter().any(|later| !own.contains(later)) {
        return Err(kept(KeptBecause::Changed));
    }
    let journal = known.folder.journal();
    let last_at = synced_at(&journal).unwrap_or(known.frozen.started_at);
    if now.since(last_at) < request.older_than {
        return Err(kept(KeptBecause::Young(last_at)));
    }
    // The lock is this process's own now.
    if let Some(why) = judge_journal(state, &status, last_at, request, now) {
        return Err(kept(why));
    }
    let files = known.folder.mark().ok_or_else(|| wrong("the run has no place for a mark".to_owned()))?;
    Ok(LockedRun { known, status, files, _lock: lock })
}

/// Writes the list of effects that stand for the run's journal from now on.
fn guard(member: &LockedRun, now: Time) -> Result<PrunedRun, JournalError> {
    let LockedRun { known, status, files, .. } = member;
    let journal = known.folder.journal();
    // Everything is in the one file then, so that removing it removes all at once.
    Store::open(&journal)?.close()?;
    known.reader.verify(&journal)?;
    let runs = known.folder.path().parent().unwrap_or(Path::new("."));
    let guard = match known.frozen.environment.is_sandbox() {
        true => GuardList::default(),
        false => known.reader.standing_effects(&status.run, runs)?,
    };
    let wrong = |error| JournalError::Io { path: files.guard().display().to_string(), error };
    files.make_folder().map_err(wrong)?;
    crash_point();
    let digest = guard.write(&files.guard()).and_then(|digest| files.sync_folder().map(|()| digest)).map_err(wrong)?;
    let of = |kind| known.frozen.link.as_ref().filter(|link| link.kind == kind).map(|link| link.of.clone());
    Ok(PrunedRun {
        at: now,
        who: user_name(),
        state: status.state.as_str().to_owned(),
        rows: counts(status),
        open_rows: status.open_rows(),
        last_at: synced_at(&journal).unwrap_or(known.frozen.started_at),
        retry_of: of(LinkKind::Retry),
        undo_of: of(LinkKind::Undo),
        guard: digest,
        effects: guard.count() as u64,
        removed: false,
    })
}

fn counts(status: &RunStatus) -> RowCounts {
    let mut rows = RowCounts { total: status.rows.total, ..RowCounts::default() };
    for outcome in RowOutcome::ALL {
        rows.count(outcome, status.rows.of(outcome));
    }
    rows
}

/// Writes into the mark that the run was pruned. It is on the disk when this returns.
fn mark_as_pruned(member: &LockedRun, pruned: PrunedRun) -> Result<(), JournalError> {
    let LockedRun { known, status, files, .. } = member;
    let mark = match Mark::read(files)? {
        Some(mark) => mark,
        // An older version wrote no mark.
        None => Mark {
            environment: Some(known.frozen.environment.name.clone()),
            sandbox: known.frozen.environment.is_sandbox(),
            playbook: Some(MarkedPlaybook {
                file: known.frozen.playbook.name.clone(),
                text: known.frozen.playbook.text.clone(),
            }),
            rows: status.rows.total,
            rows_name: known.frozen.rows_name.clone(),
            only_a_decision: true,
            ..Mark::new(status.run.clone(), known.frozen.started_at)
        },
    };
    mark.into_pruned(pruned).write(files)?;
    Ok(())
}

/// Removes the folder of a pruned run, and writes into its mark that it is gone.
///
/// # Errors
/// The system's error if a file cannot be removed. The next prune goes on with it.
pub(super) fn remove_folder(folder: &RunFolder) -> io::Result<()> {
    // Without its journal the folder is of no use to anybody.
    match fs::remove_file(folder.journal()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    crash_point();
    match fs::remove_dir_all(folder.path()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    crash_point();
    let Some(files) = folder.mark() else { return Ok(()) };
    let Ok(Some(mut mark)) = Mark::read(&files) else { return Ok(()) };
    if let Some(pruned) = &mut mark.pruned {
        pruned.removed = true;
    }
    mark.write(&files).map_err(io::Error::other)
}
