//! The cells of one column that one check found: their number, and the places of the first three.

use crate::diagnostic::{Diagnostic, Place};

/// The most cells shown beside the first.
const NEXT: usize = 2;

/// Locates a cell. It is only called for cells that are shown.
pub(in crate::rows) type LocateFn<'s> = dyn Fn() -> FoundCell + 's;

/// A cell that a check found.
#[derive(Clone)]
pub(in crate::rows) struct FoundCell {
    /// Its place; sensitive cells of its line are masked.
    pub(in crate::rows) place: Place,
    /// Its row as a spreadsheet counts.
    pub(in crate::rows) row: u64,
}

/// The cells of a column that one check found.
#[derive(Default)]
pub(in crate::rows) struct Finding {
    pub(in crate::rows::checks) count: u64,
    pub(in crate::rows::checks) first: Option<FoundCell>,
    /// The next ones, at most two.
    next: Vec<FoundCell>,
}

impl Finding {
    /// Counts a cell.
    pub(in crate::rows::checks) fn add(&mut self, locate: &LocateFn<'_>) {
        match self.first {
            None => self.first = Some(locate()),
            Some(_) if self.next.len() < NEXT => self.next.push(locate()),
            Some(_) => {}
        }
        self.count += 1;
    }

    /// Adds the cells of another finding, and sorts the shown ones by row.
    pub(in crate::rows::checks) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let mut all: Vec<FoundCell> =
            [&*self, other].iter().flat_map(|one| one.first.iter().chain(&one.next)).cloned().collect();
        all.sort_by_key(|found| found.row);
        let mut all = all.into_iter();
        self.first = all.next();
        self.next = all.take(NEXT).collect();
    }

    /// The warning, if cells were found. `words` follow `1 cell` or `N cells`.
    pub(in crate::rows::checks) fn warning(
        &self,
        code: &'static str,
        column: &str,
        words: [&str; 2],
        help: &str,
    ) -> Option<Diagnostic> {
        let found = self.first.clone()?;
        let message = match self.count {
            1 => format!("Column `{column}`: 1 cell {}", words[0]),
            count => format!("Column `{column}`: {count} cells {}", words[1]),
        };
        let label =
            if self.count == 1 { format!("row {}", found.row) } else { format!("the first, row {}", found.row) };
        let warning = Diagnostic::warning(code, message).at(found.place, label).help(help);
        Some(
            self.next
                .iter()
                .fold(warning, |warning, found| warning.at(found.place.clone(), format!("row {}", found.row))),
        )
    }
}
