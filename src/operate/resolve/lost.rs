//! `resolve --lost`: records the statement of a person about a run of which something is lost. It is kept in the mark of the
//! run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::request::SettleAs;
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::io::journal::{LostRun, Reader, RunLock};
use crate::io::marks::{
    ListWriter, LossDecision, LossOutcome, Mark, MarkError, MarkFiles, MarkedList, MarkedPlaybook, row_hash,
};
use crate::io::{Clock, user_name};
use crate::model::{RunId, Time};
use crate::operate::interface::{Context, MachineFailure, OrRefuse, Refusal};
use crate::operate::state_folder::{find_run_folder, run_of_folder};
use crate::playbook;
use crate::rows::{Input, Reading, RowFile};
use crate::runner::{FrozenRun, RunFolder};

/// The statement of a person about a run of which something is lost.
#[derive(Debug, Clone)]
pub struct ResolveLostRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// Whether the rows of its list count as done, or nothing of what is lost counts as done.
    pub settled: SettleAs,
    /// A row file with the key columns of the rows that are done; `None` for all rows.
    pub rows: Option<PathBuf>,
    /// Why, for the record.
    pub note: String,
}

/// The recorded statement.
#[derive(Debug, Clone)]
pub struct ResolveLostReport {
    /// The run.
    pub run: RunId,
    /// The stated outcome.
    pub settled: SettleAs,
    /// The number of rows that now count as done.
    pub rows: u64,
    /// Whether it replaces an earlier statement, which is kept.
    pub replaces: bool,
}

/// Records the outcome of a run of which something is lost. From then on the run blocks no other run.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, ResolveLostRequest, RunRequest, SettleAs, resolve_lost, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
/// std::fs::remove_dir_all(state.path().join("runs"))?;
///
/// let word = ResolveLostRequest {
///     run: "latest".to_owned(),
///     settled: SettleAs::Failed,
///     rows: None,
///     note: "a rehearsal".to_owned(),
/// };
/// assert_eq!(resolve_lost(&word, &context)?.rows, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Conflict`] where nothing of the run is lost, or a process drives it; [`Refusal::Usage`] where the word names no
/// run or several, or where its list is not known; [`Refusal::Invalid`] for rows that its list does not have;
/// [`Refusal::Broken`] where the mark cannot be written.
pub fn resolve_lost(request: &ResolveLostRequest, context: &Context) -> Result<ResolveLostReport, Refusal> {
    let folder = find_run_folder(context.state()?, &request.run)?;
    let run = run_of_folder(&folder);
    if RunLock::is_held(folder.path()) {
        return Err(Refusal::Conflict(format!("the run {run} is under way: wait for it, or stop it first")));
    }
    lost(&run, &folder).ok_or_else(|| {
        let message =
            format!("nothing of the run {run} is lost: `runsheet resolve {run}` settles calls that are unknown");
        Refusal::Conflict(message)
    })?;
    let files = MarkFiles::of_journal(&folder.journal()).ok_or_else(|| Refusal::broken("the run has no place"))?;
    let mut mark = match Mark::read(&files) {
        Ok(Some(mark)) => mark,
        Ok(None) => mark_anew(&run, &folder),
        Err(error @ MarkError::TooNew { .. }) => return Err(MachineFailure::during("the run's mark", error).into()),
        Err(MarkError::Io { .. } | MarkError::Spoilt(_) | MarkError::Gone(_)) => {
            // The spoilt mark is kept for inspection.
            let aside = files.about().with_extension("json.spoilt");
            fs::rename(files.about(), aside).or_refuse("the run's mark")?;
            mark_anew(&run, &folder)
        }
    };
    let word = mark.decisions.len();
    let (rows, list) = match (&request.rows, request.settled) {
        (None, SettleAs::Failed) => (None, None),
        (None, SettleAs::Done) => {
            whole_list(&mark, &files).ok_or_else(|| Refusal::Usage(unknown_list(&run)))?;
            (None, None)
        }
        (Some(_), SettleAs::Failed) => {
            let message =
                "`--rows` names the rows that are done, so it goes with `--as done`: the others count as not done";
            return Err(Refusal::Usage(message.to_owned()));
        }
        (Some(path), SettleAs::Done) => {
            let (rows, list) = named_rows(path, &mark, &files, word)?;
            (Some(rows), Some(list))
        }
    };
    let said = match request.settled {
        SettleAs::Done => LossOutcome::Done,
        SettleAs::Failed => LossOutcome::Failed,
    };
    let (note, who, at) = (request.note.clone(), user_name(), Clock::start().now());
    mark.decisions.push(LossDecision { outcome: said, rows, list, note, who, at });
    mark.write(&files).or_refuse("the run's mark")?;
    let rows = match said {
        LossOutcome::Done => rows.unwrap_or(mark.rows),
        LossOutcome::Failed => 0,
    };
    Ok(ResolveLostReport { run, settled: request.settled, rows, replaces: word > 0 })
}

/// What is lost of a run, according to its mark or to its whole journal; `None` where nothing is.
fn lost(run: &RunId, folder: &RunFolder) -> Option<LostRun> {
    let journal = folder.journal();
    let unreadable = || {
        let damaged = Reader::open(&journal).ok()?.verify(&journal).is_err();
        damaged.then(|| LostRun::unreadable(run, &journal))
    };
    LostRun::find(run, &journal).or_else(unreadable)
}

/// Makes a mark for a run that has none, from what its journal still says.
fn mark_anew(run: &RunId, folder: &RunFolder) -> Mark {
    let reader = Reader::open(&folder.journal()).ok();
    let frozen = reader.and_then(|reader| FrozenRun::find(&reader).ok().flatten());
    let mut mark = Mark::new(run.clone(), frozen.as_ref().map_or(Time::default(), |frozen| frozen.started_at));
    mark.only_a_decision = true;
    if let Some(frozen) = frozen.filter(|frozen| frozen.run_id == *run) {
        mark.sandbox = frozen.environment.is_sandbox();
        mark.environment = Some(frozen.environment.name);
        mark.playbook = Some(MarkedPlaybook { file: frozen.playbook.name, text: frozen.playbook.text });
        mark.rows_name = frozen.rows_name;
    }
    mark
}

/// The list of all rows that the mark keeps; `None` where it has none or cannot be read.
fn whole_list(mark: &Mark, files: &MarkFiles) -> Option<MarkedList> {
    MarkedList::read(&files.list(), mark.list.as_ref()?, &|_| true).ok()
}

fn unknown_list(run: &RunId) -> String {
    format!(
        "the list of rows of the run {run} is lost: give the rows that were done with `--rows FILE`, or take them out of \
         your list and settle the rest with `--as failed`"
    )
}

/// Stores the rows of a file beside the mark. Returns their number, and the digest of the stored list.
fn named_rows(path: &Path, mark: &Mark, files: &MarkFiles, word: usize) -> Result<(u64, String), Refusal> {
    let unknown = || Refusal::Usage(unknown_list(&mark.run));
    let Some(MarkedPlaybook { file, text }) = &mark.playbook else { return Err(unknown()) };
    let mut diagnostics = Diagnostics::new();
    let playbook = playbook::read(&Source::new(file.clone(), text.clone()), &mut diagnostics);
    let Some(mut decl) = playbook.and_then(|playbook| playbook.rows) else { return Err(unknown()) };
    // Only the key columns are read.
    decl.columns.retain(|column| decl.key.iter().any(|key| key.value == column.name));
    decl.lists.clear();
    decl.outcomes.clear();
    let whole = whole_list(mark, files);
    let input = File::open(path)
        .map_err(|error| Refusal::Usage(format!("cannot read the rows {}: {error}", path.display())))?;
    let input = Input::new(path.display().to_string(), input);
    let mut diagnostics = Diagnostics::new();
    let rows = RowFile::open(&decl, input, Default::default(), false, &mut diagnostics);
    let Some(mut rows) = rows else { return Err(Refusal::Invalid(diagnostics)) };
    let mut list = ListWriter::create(&files.rows_of_decision(word)).or_refuse("the run's mark")?;
    let mut count = 0;
    while let Some(reading) = rows.next_reading(&mut diagnostics) {
        match reading {
            Reading::Row(row) => {
                let hash = row_hash(&row.key);
                if whole.as_ref().is_some_and(|whole| !whole.has_row(hash)) {
                    let key = decl.key.first().map(|key| key.value.as_str()).unwrap_or_default();
                    let message = format!("Row {}: the list of the run {} has no such row", row.number, mark.run);
                    let place = rows.place(&row, key);
                    diagnostics.push(Diagnostic::error("unknown-key", message).at(place, "not in the run"));
                }
                list.add(hash, &[]);
                count += 1;
            }
            Reading::Invalid(row) => diagnostics.extend(row.diagnostics),
        }
    }
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    Ok((count, list.finish().or_refuse("the run's mark")?))
}
