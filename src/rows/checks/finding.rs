//! One kind of harm in one column: how many cells have it, and where the first three stand.

use crate::diagnostic::{Diagnostic, Place};

/// How many cells are shown beside the first.
const NEXT: usize = 2;

/// Where a cell stands, made only when it is wanted.
pub(in crate::rows) type LocateFn<'s> = dyn Fn() -> FoundCell + 's;

/// A cell that was found.
#[derive(Clone)]
pub(in crate::rows) struct FoundCell {
    /// Its place; sensitive cells of its line are masked.
    pub(in crate::rows) place: Place,
    /// Its row as a spreadsheet counts.
    pub(in crate::rows) row: u64,
}

/// The cells of a column that have one kind of harm.
#[derive(Default)]
pub(in crate::rows) struct Finding {
    pub(in crate::rows::checks) count: u64,
    pub(in crate::rows::checks) first: Option<FoundCell>,
    /// The next after the first, at most two.
    next: Vec<FoundCell>,
}

impl Finding {
    /// Counts one.
    pub(in crate::rows::checks) fn add(&mut self, locate: &LocateFn<'_>) {
        match self.first {
            None => self.first = Some(locate()),
            Some(_) if self.next.len() < NEXT => self.next.push(locate()),
            Some(_) => {}
        }
        self.count += 1;
    }

    /// Takes those of another in, which stand before these where they are on an earlier row.
    pub(in crate::rows::checks) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let mut all: Vec<FoundCell> =
            [&*self, other].iter().flat_map(|one| one.first.iter().chain(&one.next)).cloned().collect();
        all.sort_by_key(|found| found.row);
        let mut all = all.into_iter();
        self.first = all.next();
        self.next = all.take(NEXT).collect();
    }

    /// The warning, if there are any: `Column c: 1 cell (what)`.
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
