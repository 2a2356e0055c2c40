//! `runs export`: writes what is known of each row, from an intact journal or from what a damaged one still proves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::io::journal::{JournalError, Loss, LostRun, Proven, Reader, Reserve, RunLock, Salvage};
use crate::io::{Clock, make_private_dir, private_file};
use crate::journal::{FrozenRow, GoesOn, RowEnded};
use crate::model::{Map, RowOutcome, RunId, Value};
use crate::operate::files::check_out;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{find_run_folder, run_of_folder, what_is_known, what_to_do};
use crate::operate::stored_run::{restore_for_reading, restore_for_reading_or_refuse};
use crate::report::{ResultFiles, RowCounts, RowRecord};
use crate::runner::{CloseError, FrozenRun, RunFolder, close_run};

/// The files that make up a journal.
const PARTS: [&str; 4] = ["journal.sqlite", "journal.sqlite-wal", "journal.synced", "journal.rest"];

/// A request for the row files of a run, also from a damaged journal.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The folder for the files.
    pub out: PathBuf,
}

/// The exported files.
#[derive(Debug, Clone)]
pub struct ExportReport {
    /// The run.
    pub run: RunId,
    /// Whether its journal is damaged, so that the rows say only what is proven.
    pub damaged: bool,
    /// The rows by outcome.
    pub rows: RowCounts,
    /// The number of rows that cannot be read.
    pub lost_rows: u64,
    /// The number of journal entries that are gone or changed.
    pub lost_entries: u64,
    /// What else is known of the run, as text; `None` where nothing of it is lost.
    pub known: Option<String>,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// Writes what is known of each row of a run to row files.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, ExportRequest, RunRequest, export, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let out = state.path().join("what-is-known");
/// let report = export(&ExportRequest { run: "latest".to_owned(), out }, &context)?;
/// assert!(!report.damaged && report.files.iter().all(|file| file.is_file()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Conflict`] where the run is under way; [`Refusal::Usage`] where the word names no run or several, or the folder
/// cannot be written to; [`Refusal::Broken`] where nothing can be read.
pub fn export(request: &ExportRequest, context: &Context) -> Result<ExportReport, Refusal> {
    let folder = find_run_folder(context.state()?, &request.run)?;
    let run = run_of_folder(&folder);
    if RunLock::is_held(folder.path()) {
        return Err(Refusal::Conflict(format!("the run {run} is under way: wait for it, or stop it first")));
    }
    check_out(Some(&request.out), None)?;
    let lost = LostRun::find(&run, &folder.journal());
    // Dropping the folder removes the copy.
    let copy = copied(&folder, &request.out)?;
    let journal = copy.path().join(PARTS[0]);
    if let Err(error) = Reserve::take_in(&journal) {
        tracing::warn!("what was kept beside the journal cannot be read: {error}");
    }
    let exported = match &lost {
        None => {
            whole(&journal, &run)?.map(|frozen| as_it_stands(frozen, &journal, &request.out)).transpose()?.flatten()
        }
        Some(_) => None,
    };
    match exported {
        Some(exported) => Ok(exported),
        None => {
            let unread = || LostRun::unreadable(&run, &folder.journal());
            salvage((&folder, &journal), &lost.unwrap_or_else(unread), &request.out)
        }
    }
}

/// Copies the journal, because reading may write and a damaged journal must not change.
pub(super) fn copied(folder: &RunFolder, out: &Path) -> io::Result<tempfile::TempDir> {
    make_private_dir(out)?;
    let beside = tempfile::tempdir_in(out)?;
    for part in PARTS.iter().filter(|part| folder.path().join(part).exists()) {
        let mut copy = private_file(&beside.path().join(part))?;
        io::copy(&mut fs::File::open(folder.path().join(part))?, &mut copy)?;
    }
    Salvage::copy_mark(&folder.journal(), &beside.path().join(PARTS[0]))?;
    Ok(beside)
}

/// The frozen run, where its journal is intact.
fn whole(journal: &Path, run: &RunId) -> Result<Option<FrozenRun>, Refusal> {
    let Ok(reader) = Reader::open(journal) else { return Ok(None) };
    if reader.verify(journal).is_err() {
        return Ok(None);
    }
    match FrozenRun::find(&reader) {
        Ok(Some(frozen)) => Ok(Some(frozen)),
        Ok(None) => Err(Refusal::Usage(format!("the run `{run}` never began, so nothing of it was sent"))),
        Err(_) => Ok(None),
    }
}

/// Writes the row files of an intact run; `None` where reading finds damage after all.
fn as_it_stands(frozen: FrozenRun, journal: &Path, out: &Path) -> Result<Option<ExportReport>, Refusal> {
    let frozen = FrozenRun { out: Some(out.to_owned()), ..frozen };
    let restored = restore_for_reading_or_refuse(&frozen, false)?;
    let summary = match close_run(&frozen, &Arc::new(restored.plan), journal, out, None, Clock::start().now()) {
        Ok(end) => end.summary,
        Err(CloseError::Journal(_)) => return Ok(None),
        Err(error @ CloseError::Files { .. }) => return Err(Refusal::broken(error.to_string())),
    };
    Ok(Some(ExportReport {
        run: summary.run_id,
        damaged: false,
        rows: summary.rows,
        lost_rows: 0,
        lost_entries: 0,
        known: None,
        files: summary.files,
    }))
}

/// Writes the row files of what a damaged journal still proves.
fn salvage((folder, journal): (&RunFolder, &Path), lost: &LostRun, out: &Path) -> Result<ExportReport, Refusal> {
    let run = &lost.run;
    let whole = matches!(lost.why, Loss::Unreadable(_));
    let salvage = Salvage::open(journal, whole).map_err(|error| nothing_left(folder, lost, &error))?;
    if matches!(lost.why, Loss::OtherRun(_)) {
        return Err(nothing_left(folder, lost, &JournalError::Damaged(lost.why.to_string())));
    }
    let frozen: Option<FrozenRun> = salvage.meta("run").and_then(|run| serde_json::from_value(run).ok());
    let plan = frozen.as_ref().and_then(|frozen| restore_for_reading(frozen, false)).map(|restored| restored.plan);
    let names: Vec<String> = plan.iter().flat_map(|plan| &plan.results).map(|(name, _)| name.clone()).collect();
    let dialect = frozen.and_then(|frozen| frozen.dialect).unwrap_or_default();
    let mut files = ResultFiles::create(out, &dialect, &names, run)?;
    let mut rows = RowCounts::default();
    let lost_rows = salvage.each_row(|row, proven| {
        let record = record(row, proven, &names);
        rows.add(record.outcome);
        files.write(&record)
    })?;
    let (lost_entries, files) = (salvage.lost_entries(), files.finish()?);
    // The mark holds the number of rows, also where the journal no longer shows it.
    let marked = lost.mark.as_ref().map_or(0, |mark| mark.rows.saturating_sub(rows.total));
    let (lost_rows, known) = (lost_rows.max(marked), Some(what_is_known(lost)));
    Ok(ExportReport { run: run.clone(), damaged: true, rows, lost_rows, lost_entries, known, files })
}

fn nothing_left(folder: &RunFolder, lost: &LostRun, error: &JournalError) -> Refusal {
    Refusal::broken(format!(
        "nothing of the run {} can be read any more: {error}\n  journal: {}\n  {}\n{}",
        lost.run,
        folder.journal().display(),
        what_is_known(lost),
        what_to_do(lost),
    ))
}

/// The record of a row for the row files.
pub(super) fn record(row: FrozenRow, proven: Proven, names: &[String]) -> RowRecord {
    let unproven = |outcome, code: &str, message: String| RowEnded {
        outcome,
        step: None,
        code: Some(code.to_owned()),
        message: Some(message),
        request_id: None,
        results: Map::new(),
    };
    let ended = match proven {
        Proven::Ended(ended) => ended,
        Proven::WentOn(to) => {
            unproven(RowOutcome::Unknown, "went_on", format!("it went on in the run {to}: look there"))
        }
        Proven::Untouched => unproven(RowOutcome::NotStarted, "untouched", "nothing of it was sent".to_owned()),
        Proven::Nothing => {
            let message = "the journal is damaged and no longer shows what became of it: ask the vendor";
            unproven(RowOutcome::Unknown, "damaged", message.to_owned())
        }
    };
    let value = |name: &String| ended.results.get(name).cloned().unwrap_or(Value::Null);
    RowRecord {
        position: row.position,
        number: row.number,
        key: row.key,
        raw: row.raw,
        outcome: ended.outcome,
        goes_on: GoesOn::No,
        results: names.iter().map(|name| (name.clone(), value(name))).collect(),
        step: ended.step,
        code: ended.code,
        message: ended.message,
        request_id: ended.request_id,
        attempts: 0,
        times: None,
    }
}
