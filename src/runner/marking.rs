//! A run's mark as it begins: what it is and what its list holds, on the disk before its first call can be.

use std::io;

use super::frozen::{FrozenRun, RunFolder};
use crate::io::journal::{JournalError, Store};
use crate::io::marks::{ListWriter, Mark, MarkError, MarkFiles, MarkedPlaybook, row_hash};
use crate::plan::Plan;

impl RunFolder {
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
        list.map(Some).map_err(|error| wrong(&files, error))
    }
}

fn is_listed(plan: &Plan) -> bool {
    !plan.environment.is_sandbox() && !plan.effect_operations().is_empty()
}

fn wrong(files: &MarkFiles, error: io::Error) -> JournalError {
    MarkError::Io { path: files.list().display().to_string(), error }.into()
}

/// Writes the mark of a run that is about to begin, with its `list` of `rows` rows. It is on the disk when this returns.
///
/// # Errors
/// The disk's trouble; nothing must be sent then.
pub fn begin_mark(
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
    mark.list = list.map(ListWriter::finish).transpose().map_err(|error| wrong(&files, error))?;
    // The mark comes first: whoever reads in the journal that there is one finds it.
    store.sync_mark()?;
    mark.write(&files)?;
    store.set_marked(&frozen.run_id)
}

/// Writes a mark of a run whose mark is gone, from what its journal says. The rows are known by their keys only.
///
/// # Errors
/// The disk's or the journal's trouble.
pub fn mark_anew(
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
        Some(files) => wrong(files, error),
        None => JournalError::Damaged(error.to_string()),
    })?);
    Ok(mark)
}

/// What a run is, without its rows.
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
