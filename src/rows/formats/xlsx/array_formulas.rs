//! Array formulas fill several cells: only the first of these holds the formula, the others hold its values.

use quick_xml::events::BytesStart;

use super::problems;
use super::sheet_cell::{SheetCell, SheetRow, column_of};
use super::xml::attribute;
use crate::rows::record::{MOST_COLUMNS, ReadError};

/// The most array formulas that reach into one row.
const MOST: usize = 1_000;

/// The array formulas that reach into the rows that follow.
pub(super) struct ArrayFormulas {
    /// Whether their values must be recalculated, so that a cell without a value will get one.
    stale: bool,
    open: Vec<ArrayFormula>,
}

/// The range of cells that a formula fills.
#[derive(Debug, PartialEq, Eq)]
struct ArrayFormula {
    first: usize,
    last: usize,
    last_row: u64,
}

impl ArrayFormulas {
    pub(super) fn new(stale: bool) -> Self {
        Self { stale, open: Vec::new() }
    }

    /// Records a formula of the row's last cell.
    pub(super) fn formula(&mut self, element: &BytesStart<'_>, row: &mut SheetRow) -> Result<(), ReadError> {
        if let Some(cell) = row.cells.last_mut() {
            cell.formula = true;
        }
        let reaches = matches!(attribute(element, "t").as_deref(), Some("array" | "dataTable"));
        if let Some(formula) = attribute(element, "ref").filter(|_| reaches).and_then(|text| ArrayFormula::of(&text)) {
            self.open.push(formula);
        }
        if self.open.len() > MOST {
            return Err(problems::too_large(&format!("more than {MOST} array formulas of it reach into one row")));
        }
        Ok(())
    }

    /// Marks the cells of a complete row that such formulas fill, and drops the formulas that end there.
    pub(super) fn mark_filled(&mut self, row: &mut SheetRow) {
        for formula in &self.open {
            for cell in row.cells.iter_mut().filter(|cell| formula.holds(cell.column)) {
                cell.formula = true;
            }
            let missing = (formula.first..=formula.last.min(MOST_COLUMNS - 1)).filter(|_| self.stale);
            for column in missing {
                if let Err(place) = row.cells.binary_search_by_key(&column, |cell| cell.column) {
                    row.cells.insert(place, SheetCell { column, formula: true, ..SheetCell::default() });
                }
            }
        }
        self.open.retain(|formula| formula.last_row > row.number);
    }
}

impl ArrayFormula {
    /// The range `B2:C9`; `None` for a single cell.
    fn of(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':')?;
        let digits = to.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        Some(Self { first: column_of(from)?, last: column_of(to)?, last_row: digits.parse().ok()? })
    }

    fn holds(&self, column: usize) -> bool {
        (self.first..=self.last).contains(&column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(row: &SheetRow) -> Vec<(usize, bool)> {
        row.cells.iter().map(|cell| (cell.column, cell.formula)).collect()
    }

    #[test]
    fn an_array_formula_marks_its_cells_in_every_row() {
        assert_eq!(ArrayFormula::of("B2"), None);
        assert_eq!(ArrayFormula::of("B2:C3"), Some(ArrayFormula { first: 1, last: 2, last_row: 3 }));
        for (stale, wanted) in [(false, vec![(0, false), (2, true)]), (true, vec![(0, false), (1, true), (2, true)])] {
            let mut array_formulas = ArrayFormulas { stale, open: ArrayFormula::of("B2:C3").into_iter().collect() };
            for number in [2, 3] {
                let cell = |column| SheetCell { column, ..SheetCell::default() };
                let mut row = SheetRow { number, hidden: false, cells: vec![cell(0), cell(2)] };
                array_formulas.mark_filled(&mut row);
                assert_eq!(columns(&row), wanted, "{stale}, row {number}");
            }
            assert!(array_formulas.open.is_empty());
        }
    }
}
