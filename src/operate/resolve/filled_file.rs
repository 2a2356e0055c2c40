//! Reads a filled-in `unknown.csv`: one statement per row, all checked before any is used.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::person::{Statement, settlement};
use super::request::SettleAs;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::journal::Settled;
use crate::operate::interface::Refusal;
use crate::operate::stored_run::{OpenRun, UnknownCall};
use crate::rows::{Input, ResultColumn, SettlementRow, read_settlements};

/// The columns that a person adds: the outcome, and a note.
const SETTLE: &str = "_settle";
const NOTE: &str = "_note";
/// What stands between the name of a filled-in file and the number of its copy.
const KEPT: &str = ".settled-";

/// Reads the statements of a filled-in file.
///
/// # Errors
/// [`Refusal::Usage`] where the file cannot be opened; [`Refusal::Invalid`] with all its mistakes.
pub(super) fn from_file(
    run: &OpenRun,
    calls: &[UnknownCall],
    path: &Path,
    who: &str,
) -> Result<Vec<(UnknownCall, Settled)>, Refusal> {
    let file = File::open(path)
        .map_err(|error| Refusal::Usage(format!("cannot read the file {}: {error}", path.display())))?;
    let mut diagnostics = Diagnostics::new();
    let written = run.frozen.dialect.as_ref().map(|dialect| dialect.encoding).unwrap_or_default();
    let input = Input::new(path.display().to_string(), file).with_fallback_encoding(written);
    let rows = read_settlements(run.playbook.rows.as_ref(), input, &[SETTLE], &mut diagnostics);
    let mut by_key: HashMap<&str, Vec<&UnknownCall>> = HashMap::new();
    for call in calls {
        by_key.entry(call.key.as_str()).or_default().push(call);
    }
    let mut told = Vec::new();
    for row in rows.iter().filter(|row| row.cell(SETTLE).is_some()) {
        let of_key = by_key.get(row.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        match statement_of(run, row, of_key, who) {
            Ok(one) => told.push(one),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    Ok(told)
}

/// Copies a filled-in file that lies in the folder of the result files, which are about to be written anew: to
/// `unknown.settled-1.csv` beside it, or the next free number. Returns the copy; `None` for a file elsewhere.
///
/// # Errors
/// [`Refusal::Broken`] where the copy cannot be written.
pub(super) fn keep_copy(path: &Path, folder: &Path) -> Result<Option<PathBuf>, Refusal> {
    let (Ok(file), Ok(folder)) = (path.canonicalize(), folder.canonicalize()) else { return Ok(None) };
    let (Some(stem), Some(extension)) = (file.file_stem(), file.extension()) else { return Ok(None) };
    if file.parent() != Some(folder.as_path()) || stem.to_string_lossy().contains(KEPT) {
        return Ok(None);
    }
    let named = |number: u32| {
        let name = format!("{}{KEPT}{number}.{}", stem.to_string_lossy(), extension.to_string_lossy());
        folder.join(name)
    };
    let free = |copy: &PathBuf| copy.symlink_metadata().is_err();
    let Some(copy) = (1..=u32::MAX).map(named).find(free) else { return Ok(None) };
    std::fs::copy(&file, &copy)
        .map_err(|error| Refusal::broken(format!("cannot keep a copy of {}: {error}", file.display())))?;
    Ok(Some(copy))
}

fn statement_of(
    run: &OpenRun,
    row: &SettlementRow,
    calls: &[&UnknownCall],
    who: &str,
) -> Result<(UnknownCall, Settled), Box<Diagnostic>> {
    let wrong = |code, message: String, head: &str| {
        let place = row.cell(head).map_or(&row.place, |cell| &cell.place);
        Box::new(Diagnostic::error(code, message).at(place.clone(), "here"))
    };
    let run_id = &run.frozen.run_id;
    if let Some(other) = row.cell(ResultColumn::Run.as_str()).filter(|cell| cell.text != run_id.as_str()) {
        let message = format!("This row is of the run `{}`, and the run is `{run_id}`", other.text);
        return Err(wrong("bad-value", message, ResultColumn::Run.as_str()));
    }
    let settled_as = match row.cell(SETTLE).map(|cell| cell.text.to_lowercase()).as_deref() {
        Some("done") => SettleAs::Done,
        Some("failed") => SettleAs::Failed,
        _ => return Err(wrong("bad-value", format!("`{SETTLE}` is `done` or `failed`"), SETTLE)),
    };
    let step = row.cell(ResultColumn::Step.as_str());
    let mut meant = calls.iter().filter(|call| step.is_none_or(|step| step.text == call.doubt.step));
    let call = match (meant.next(), meant.next()) {
        (Some(call), None) => (*call).clone(),
        (None, _) => return Err(wrong("unknown-name", "Nothing of this row is unknown in the run".to_owned(), SETTLE)),
        (Some(_), Some(_)) => {
            let message = "Several calls of this row are unknown: settle them one by one with `--key` and `--step`";
            return Err(wrong("bad-value", message.to_owned(), SETTLE));
        }
    };
    let ours = |head: &str| head.starts_with('_') || run.plan.results.iter().any(|(name, _)| name == head);
    let wanted = call.wanted();
    let outputs = row
        .cells
        .iter()
        // The column of a result counts as an output only where an output of that name is needed.
        .filter(|cell| !cell.text.is_empty() && (!ours(&cell.head) || wanted.contains(&cell.head)))
        .map(|cell| (cell.head.as_str(), cell.text.as_str()));
    let outputs = if settled_as == SettleAs::Done { outputs.collect() } else { Vec::new() };
    let note = row.cell(NOTE).map(|cell| cell.text.as_str());
    let fact = settlement(&call, &run.plan, &Statement { settled_as, outputs, note, who });
    let fact = fact.map_err(|why| wrong("missing-input", in_columns(&why), SETTLE))?;
    Ok((call, fact))
}

/// Rewords the message about a missing output for a file, where an output has a column of its name.
fn in_columns(why: &str) -> String {
    match why.split_once(": say what the vendor answered with") {
        Some((what, _)) => format!("{what}: add a column of that name and fill in what the vendor answered"),
        None => why.to_owned(),
    }
}
