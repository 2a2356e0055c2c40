//! What was repaired in a file: by column and rule, a count and the first cells.

use std::collections::BTreeMap;

use super::rule::RepairRule;
use super::visible_text::{RepairedText, shown};
use crate::model::{MASK, TextEncoding};

/// The most cells shown for each kind.
const SAMPLES: usize = 3;

/// What was repaired in a file.
#[derive(Debug, Clone, Default)]
pub struct RepairSummary {
    /// Number of cells changed.
    pub cells: u64,
    /// Number of rows changed.
    pub rows: u64,
    /// The repairs, by column in the file's order.
    pub changes: Vec<Repair>,
    /// The encoding that was written.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests ask for it"))]
    pub(crate) encoding: TextEncoding,
}

/// One kind of repair in one column.
#[derive(Debug, Clone)]
pub struct Repair {
    /// The column's name.
    pub column: String,
    /// The rule.
    pub rule: RepairRule,
    /// Number of cells.
    pub cells: u64,
    /// The first cells.
    pub samples: Vec<RepairedCell>,
}

/// A changed cell as people may see it: invisible characters are named, sensitive cells masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedCell {
    /// Its row, as a spreadsheet counts.
    pub row: u64,
    /// The line of the file on which its row starts.
    pub line: usize,
    /// The text before.
    pub old: String,
    /// The text after.
    pub new: String,
}

/// Counts the repairs of a file.
#[derive(Debug, Default)]
pub(super) struct RepairTally {
    cells: u64,
    rows: u64,
    changes: BTreeMap<(usize, RepairRule), Repair>,
}

impl RepairTally {
    /// Counts a row.
    pub(super) fn row(&mut self) {
        self.rows += 1;
    }

    /// Counts a cell of the column at `at`.
    pub(super) fn cell(
        &mut self,
        at: usize,
        column: (&str, bool),
        place: (u64, usize),
        old: &str,
        look: &RepairedText,
    ) {
        self.cells += 1;
        let (name, sensitive) = column;
        let show = |text: &str| if sensitive { MASK.to_owned() } else { shown(text) };
        for rule in &look.rules {
            let change = self.changes.entry((at, *rule)).or_insert_with(|| Repair {
                column: name.to_owned(),
                rule: *rule,
                cells: 0,
                samples: Vec::new(),
            });
            change.cells += 1;
            if change.samples.len() < SAMPLES {
                let (row, line) = place;
                change.samples.push(RepairedCell { row, line, old: show(old), new: show(&look.text) });
            }
        }
    }

    pub(super) fn finish(self, encoding: TextEncoding) -> RepairSummary {
        RepairSummary { cells: self.cells, rows: self.rows, changes: self.changes.into_values().collect(), encoding }
    }
}
