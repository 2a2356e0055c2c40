//! The mark of a run, on disk before its first call is sent.

use super::frozen_run::FrozenRun;
use super::run_folder::{RunFolder, list_error};
use crate::io::journal::{JournalError, Store};
use crate::io::marks::{ListWriter, Mark, MarkedPlaybook, row_hash};
use crate::plan::Plan;

/// Writes the mark of a run that is about to begin, with its `list` of `rows` rows. It is on the disk when this returns.
///
/// # Errors
/// [`JournalError`] if the mark or the journal cannot be written; nothing must be sent then.
pub fn write_mark(
    store: &mut Store,
    folder: &RunFolder,
    frozen: &FrozenRun,
    plan: &Plan,
    rows: u64,
    list: Option<ListWriter>,
) -> Result<(), JournalError> {
    let Some(files) = folder.mark() else { return Ok(()) };
    let mut mark = mark_of(frozen, plan);
    mark.rows = rows;
    mark.list = list.map(ListWriter::finish).transpose().map_err(|error| list_error(&files, error))?;
    // The mark is written first, so that a reader who finds it named in the journal finds it on the disk.
    store.sync_watermark()?;
    mark.write(&files)?;
    store.set_marked(&frozen.run_id)
}

/// Rebuilds the mark of a run whose mark is gone, from its journal, and writes its list. It contains the rows' keys
/// but not their effects.
///
/// # Errors
/// [`JournalError::Mark`] if the list cannot be written.
pub fn rebuild_mark(
    folder: &RunFolder,
    frozen: &FrozenRun,
    plan: &Plan,
    keys: impl IntoIterator<Item = String>,
) -> Result<Mark, JournalError> {
    let mut mark = mark_of(frozen, plan);
    let Some(mut list) = folder.begin_list(plan)? else { return Ok(mark) };
    for key in keys {
        mark.rows += 1;
        list.add(row_hash(&key), &[]);
    }
    let files = folder.mark();
    mark.list = Some(list.finish().map_err(|error| match &files {
        Some(files) => list_error(files, error),
        None => JournalError::Damaged(error.to_string()),
    })?);
    Ok(mark)
}

/// The mark of a run, without its rows.
fn mark_of(frozen: &FrozenRun, plan: &Plan) -> Mark {
    let playbook = MarkedPlaybook { file: frozen.playbook.name.clone(), text: frozen.playbook.text.clone() };
    Mark {
        environment: Some(frozen.environment.name.clone()),
        sandbox: plan.environment.is_sandbox(),
        playbook: Some(playbook),
        operations: plan.effect_operations(),
        rows_name: frozen.rows_name.clone(),
        ..Mark::new(frozen.run_id.clone(), frozen.started_at)
    }
}
