//! One kind of harm in one column: how many cells have it, and where the first stands.

use crate::diagnostic::{Diagnostic, Place};

/// Where a cell stands, made only when it is wanted.
pub(in crate::rows) type Spot<'s> = dyn Fn() -> Found + 's;

/// A cell that was found.
#[derive(Clone)]
pub(in crate::rows) struct Found {
    /// Its place; sensitive cells of its line are masked.
    pub(in crate::rows) place: Place,
    /// Its row as a spreadsheet counts.
    pub(in crate::rows) row: u64,
}

/// The cells of a column that have one kind of harm.
#[derive(Default)]
pub(in crate::rows) struct Finding {
    pub(super) count: u64,
    pub(super) first: Option<Found>,
}

impl Finding {
    /// Counts one.
    pub(super) fn add(&mut self, spot: &Spot<'_>) {
        if self.first.is_none() {
            self.first = Some(spot());
        }
        self.count += 1;
    }

    /// Takes those of another in, which stand before these where they are on an earlier row.
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let row = |finding: &Self| finding.first.as_ref().map_or(u64::MAX, |found| found.row);
        if row(other) < row(self) {
            self.first.clone_from(&other.first);
        }
    }

    /// The warning, if there are any: `Column c: 1 cell (what)`.
    pub(super) fn warning(&self, code: &'static str, column: &str, words: [&str; 2], help: &str) -> Option<Diagnostic> {
        let found = self.first.clone()?;
        let message = match self.count {
            1 => format!("Column `{column}`: 1 cell {}", words[0]),
            count => format!("Column `{column}`: {count} cells {}", words[1]),
        };
        let label =
            if self.count == 1 { format!("row {}", found.row) } else { format!("the first, row {}", found.row) };
        Some(Diagnostic::warning(code, message).at(found.place, label).help(help))
    }
}
