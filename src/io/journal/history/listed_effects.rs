//! Effects that no journal shows and that count as made all the same: a person said so, or nobody can say otherwise.

use std::path::Path;

use super::query::PriorEffect;
use crate::io::journal::format::JournalError;
use crate::io::journal::read::Reader;
use crate::io::marks::{LostWord, Mark, MarkFiles, MarkedList, ONCE, row_hash};
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// What one run's list says was made.
pub(super) struct ListedEffects {
    run: RunId,
    state: EffectState,
    /// The operations that it may be; all where they are not known.
    operations: Vec<String>,
    /// The rows that it may be; all where they are not known.
    rows: Option<MarkedList>,
}

impl ListedEffects {
    /// All that a lost run's list holds, or everything where its list is not known.
    pub(super) fn in_doubt(run: &RunId, mark: Option<&Mark>, journal: &Path) -> Self {
        let rows = mark.and_then(|mark| list_of(mark, journal, &|_| true));
        Self { operations: operations(mark), rows, run: run.clone(), state: EffectState::Unknown }
    }

    /// What a person says was made.
    pub(super) fn of_a_word(mark: &Mark, word: &LostWord, journal: &Path) -> Self {
        let (run, state) = (mark.run.clone(), EffectState::Told);
        let named = word.list.as_ref().map(|digest| {
            let files = MarkFiles::of_journal(journal)?;
            let path = files.rows_of_word(mark.words.len().saturating_sub(1));
            MarkedList::read(&path, digest, &|_| true).ok()
        });
        let rows = match named {
            None => list_of(mark, journal, &|_| true),
            Some(None) => None,
            // What those rows make is known from the run's own list; a word on a run without one knows only the rows.
            Some(Some(named)) => {
                Some(list_of(mark, journal, &|row| named.has_row(row) || row == row_hash(ONCE)).unwrap_or(named))
            }
        };
        Self { operations: operations(Some(mark)), rows, run, state }
    }

    /// What a run that went on from a copy may have made after it: the effects of rows that have not come to an end.
    pub(super) fn of_a_copy(mark: &Mark, journal: &Path, reader: &Reader) -> Result<Self, JournalError> {
        let open = reader.open_row_hashes()?;
        let rows = list_of(mark, journal, &|row| open.contains(&row) || row == row_hash(ONCE));
        let rows = Some(rows.unwrap_or_else(|| MarkedList::of_rows(open)));
        Ok(Self { operations: operations(Some(mark)), rows, run: mark.run.clone(), state: EffectState::Unknown })
    }

    /// Whether it holds that effect, or that row for an operation that it may have called.
    pub(super) fn find(&self, effect: Option<&EffectKey>, operation: &str, row: Option<&str>) -> Option<PriorEffect> {
        let may_be = self.operations.is_empty() || self.operations.iter().any(|own| own == operation);
        let found = may_be
            && self.rows.as_ref().is_none_or(|rows| {
                let by_row = row.filter(|row| !row.is_empty()).is_some_and(|row| rows.has_row(row_hash(row)));
                by_row || effect.is_some_and(|effect| rows.has_effect(effect))
            });
        found.then(|| PriorEffect { run: self.run.clone(), state: self.state })
    }
}

fn operations(mark: Option<&Mark>) -> Vec<String> {
    mark.map(|mark| mark.operations.clone()).unwrap_or_default()
}

fn list_of(mark: &Mark, journal: &Path, wanted: &dyn Fn(u64) -> bool) -> Option<MarkedList> {
    let files = MarkFiles::of_journal(journal)?;
    MarkedList::read(&files.list(), mark.list.as_ref()?, wanted).ok()
}
