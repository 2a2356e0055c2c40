//! Effects that no journal shows and that count as made: a person decided so, or it cannot be ruled out.

use std::path::Path;

use super::query::PriorEffect;
use crate::io::journal::format::JournalError;
use crate::io::journal::read::Reader;
use crate::io::marks::{LossDecision, Mark, MarkFiles, MarkedList, ONCE, row_hash};
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// The effects that count as made because of one run's list.
pub(super) struct ListedEffects {
    run: RunId,
    state: EffectState,
    /// The operations that the run may have called; empty if they are not known, so that all count.
    operations: Vec<String>,
    /// The rows that the run may have worked on; `None` if they are not known, so that all count.
    rows: Option<MarkedList>,
}

impl ListedEffects {
    /// Everything that a lost run may have made: all effects of its list, or all effects if it has no list.
    pub(super) fn in_doubt(run: &RunId, mark: Option<&Mark>, journal: &Path) -> Self {
        let rows = mark.and_then(|mark| list_of(mark, journal, &|_| true));
        Self { operations: operations(mark), rows, run: run.clone(), state: EffectState::Unknown }
    }

    /// What a person decided was made by a lost run.
    pub(super) fn decided(mark: &Mark, word: &LossDecision, journal: &Path) -> Self {
        let (run, state) = (mark.run.clone(), EffectState::Told);
        let named = word.list.as_ref().map(|digest| {
            let files = MarkFiles::of_journal(journal)?;
            let path = files.rows_of_decision(mark.decisions.len().saturating_sub(1));
            MarkedList::read(&path, digest, &|_| true).ok()
        });
        let rows = match named {
            None => list_of(mark, journal, &|_| true),
            Some(None) => None,
            // The run's own list says what those rows make; without it only the rows are known.
            Some(Some(named)) => {
                Some(list_of(mark, journal, &|row| named.has_row(row) || row == row_hash(ONCE)).unwrap_or(named))
            }
        };
        Self { operations: operations(Some(mark)), rows, run, state }
    }

    /// What a run that was resumed from a copy may have made after the copy: the effects of rows that have not ended.
    pub(super) fn after_a_copy(mark: &Mark, journal: &Path, reader: &Reader) -> Result<Self, JournalError> {
        let open = reader.open_row_hashes()?;
        let rows = list_of(mark, journal, &|row| open.contains(&row) || row == row_hash(ONCE));
        let rows = Some(rows.unwrap_or_else(|| MarkedList::of_rows(open)));
        Ok(Self { operations: operations(Some(mark)), rows, run: mark.run.clone(), state: EffectState::Unknown })
    }

    /// Looks for an effect, or for a row and an operation that the run may have called; `row` is the row's key.
    pub(super) fn find(&self, effect: Option<&EffectKey>, operation: &str, row: Option<&str>) -> Option<PriorEffect> {
        let may_be = self.operations.is_empty() || self.operations.iter().any(|own| own == operation);
        let found = may_be
            && self.rows.as_ref().is_none_or(|rows| {
                let by_row = row.filter(|row| !row.is_empty()).is_some_and(|row| rows.has_row(row_hash(row)));
                by_row || effect.is_some_and(|effect| rows.has_effect(effect))
            });
        found.then(|| PriorEffect { run: self.run.clone(), state: self.state, pruned: false })
    }
}

fn operations(mark: Option<&Mark>) -> Vec<String> {
    mark.map(|mark| mark.operations.clone()).unwrap_or_default()
}

fn list_of(mark: &Mark, journal: &Path, wanted: &dyn Fn(u64) -> bool) -> Option<MarkedList> {
    let files = MarkFiles::of_journal(journal)?;
    MarkedList::read(&files.list(), mark.list.as_ref()?, wanted).ok()
}
