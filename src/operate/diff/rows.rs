//! Compares rows: which kind of change a pair of outcomes is.

use super::report::{ChangedRow, ChangedRows, RowChanges};
use crate::io::journal::KeyedRow;
use crate::model::RowOutcome;

/// Gathers the changes of all rows; names at most `named` rows of each kind.
pub(super) struct RowComparison {
    pub(super) changes: RowChanges,
    pub(super) named: usize,
    /// Whether keys may be shown.
    pub(super) keys: bool,
}

/// A row of one run with its outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct ComparedRow {
    /// The row.
    pub(super) row: KeyedRow,
    /// Its outcome, also where it has not ended; `None` where nothing says it.
    pub(super) outcome: Option<RowOutcome>,
}

impl RowComparison {
    /// Compares a row of both runs.
    pub(super) fn both(&mut self, key: &str, left: ComparedRow, right: ComparedRow) {
        if left.outcome == right.outcome {
            self.changes.same += 1;
            return;
        }
        let changes = &mut self.changes;
        let list = match change(left.outcome, right.outcome) {
            Change::NewlyFailing => &mut changes.newly_failing,
            Change::Recovered => &mut changes.recovered,
            Change::Other => &mut changes.changed,
        };
        add(list, (self.named, self.keys), key, Some(left), Some(right));
    }

    /// Adds a row of the first run alone.
    pub(super) fn left(&mut self, key: &str, row: ComparedRow) {
        add(&mut self.changes.only_left, (self.named, self.keys), key, Some(row), None);
    }

    /// Adds a row of the second run alone.
    pub(super) fn right(&mut self, key: &str, row: ComparedRow) {
        add(&mut self.changes.only_right, (self.named, self.keys), key, None, Some(row));
    }
}

fn add(
    list: &mut ChangedRows,
    (most, keys): (usize, bool),
    key: &str,
    left: Option<ComparedRow>,
    right: Option<ComparedRow>,
) {
    list.count += 1;
    if list.named.len() < most {
        list.named.push(ChangedRow {
            key: keys.then(|| key.to_owned()),
            left_row: left.map(|row| row.row.number),
            right_row: right.map(|row| row.row.number),
            left: left.and_then(|row| row.outcome),
            right: right.and_then(|row| row.outcome),
        });
    }
}

/// How the outcome of a row differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    NewlyFailing,
    Recovered,
    Other,
}

fn change(left: Option<RowOutcome>, right: Option<RowOutcome>) -> Change {
    let was_trouble = left.is_some_and(RowOutcome::is_trouble);
    let was_good = left.is_some_and(RowOutcome::is_good);
    match right {
        Some(right) if right.is_trouble() && !was_trouble => Change::NewlyFailing,
        Some(right) if right.is_good() && !was_good => Change::Recovered,
        Some(_) | None => Change::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_outcomes_is_one_kind_of_change() {
        let trouble = [RowOutcome::Failed, RowOutcome::Partial, RowOutcome::Unknown];
        let good = [RowOutcome::Succeeded, RowOutcome::Unchanged, RowOutcome::Skipped];
        for bad in trouble {
            for well in good {
                assert_eq!(change(Some(well), Some(bad)), Change::NewlyFailing);
                assert_eq!(change(Some(bad), Some(well)), Change::Recovered);
            }
            assert_eq!(change(Some(RowOutcome::NotStarted), Some(bad)), Change::NewlyFailing);
            assert_eq!(change(Some(bad), Some(RowOutcome::NotStarted)), Change::Other);
        }
        assert_eq!(change(Some(RowOutcome::NotStarted), Some(RowOutcome::Succeeded)), Change::Recovered);
        assert_eq!(change(Some(RowOutcome::Failed), Some(RowOutcome::Unknown)), Change::Other);
        assert_eq!(change(Some(RowOutcome::Succeeded), Some(RowOutcome::Unchanged)), Change::Other);
        assert_eq!(change(Some(RowOutcome::Succeeded), None), Change::Other);
    }

    #[test]
    fn all_rows_are_counted_and_only_so_many_are_named() {
        let row = |outcome| ComparedRow {
            row: KeyedRow { position: 0, number: 2, outcome: Some(outcome) },
            outcome: Some(outcome),
        };
        let mut rows = RowComparison { changes: RowChanges::default(), named: 2, keys: false };
        for key in ["a", "b", "c"] {
            rows.both(key, row(RowOutcome::Succeeded), row(RowOutcome::Failed));
        }
        rows.both("d", row(RowOutcome::Failed), row(RowOutcome::Failed));
        rows.left("e", row(RowOutcome::Failed));
        let found = &rows.changes;
        assert_eq!((found.same, found.newly_failing.count, found.only_left.count), (1, 3, 1));
        assert_eq!(found.newly_failing.named.len(), 2);
        assert_eq!(found.newly_failing.named[0].key, None, "keys are masked");
    }
}
