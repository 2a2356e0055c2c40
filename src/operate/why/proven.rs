//! What a damaged journal still proves of a row, where its entries cannot be read.

use super::request::WhichRow;
use crate::io::journal::{JournalError, Proven, Salvage};
use crate::journal::{FrozenRow, RowEnded};
use crate::model::{Map, StepScope};
use crate::operate::export::{copied, record};
use crate::operate::interface::Refusal;
use crate::operate::state_folder::{KnownRun, unreadable_run};

/// A row of a damaged journal.
pub(super) struct ProvenRow {
    /// The row.
    pub(super) row: FrozenRow,
    /// How it stands, as far as that is proven.
    pub(super) now: RowEnded,
}

/// Finds a row of a damaged journal, and what is proven of it. Reads a copy, because reading may write.
///
/// # Errors
/// [`Refusal::Broken`] with the damage if the row cannot be found in it.
pub(super) fn proven_row(
    which: &WhichRow,
    scope: Option<StepScope>,
    known: &KnownRun,
    damage: &JournalError,
) -> Result<ProvenRow, Refusal> {
    let refused = || unreadable_run(&known.folder, known.frozen.run_id.as_str(), damage);
    let copy = copied(&known.folder, known.folder.path()).map_err(|_| refused())?;
    let salvage = Salvage::open(&copy.path().join("journal.sqlite"), true).map_err(|_| refused())?;
    let is_meant = |row: &FrozenRow| match (which, scope) {
        (_, Some(scope)) => scope == StepScope::Row(row.position),
        (WhichRow::Key(key), None) => row.key == *key,
        (WhichRow::Number(number), None) => row.number == *number,
        (WhichRow::Only, None) => row.position == 0,
        (WhichRow::Kind(_) | WhichRow::Before | WhichRow::After, None) => false,
    };
    let mut found: Option<(FrozenRow, Proven)> = None;
    let walked = salvage.each_row(|row, proven| {
        if is_meant(&row) {
            found.get_or_insert((row, proven));
        }
        Ok::<(), JournalError>(())
    });
    let (row, proven) = walked.ok().and(found).ok_or_else(refused)?;
    let record = record(row.clone(), proven, &[]);
    let (outcome, step, code) = (record.outcome, record.step, record.code);
    let (message, request_id) = (record.message, record.request_id);
    Ok(ProvenRow { row, now: RowEnded { outcome, step, code, message, request_id, results: Map::new() } })
}
