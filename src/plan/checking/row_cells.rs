//! A row as the check sees it, and how messages name it.

use crate::diagnostic::{AboutRow, Place};

/// The cells of a row, with their places in the file.
pub trait RowCells {
    /// Whether the cell of a column, or of `list.index.column`, is blank although its column is not optional.
    fn is_blank(&self, column: &str) -> bool;
    /// Whether any cell is blank although its column is not optional. If false, no search for blanks is needed.
    fn has_blanks(&self) -> bool {
        true
    }
    /// The place of a cell in its file; `None` if the row comes from no file.
    fn place(&self, column: &str) -> Option<Place>;
    /// The number of the row, as people see it.
    fn number(&self) -> u64;
    /// The key of the row; `None` if it has none.
    fn key(&self) -> Option<&str> {
        None
    }
    /// The file that the row comes from, as messages name it; `None` if it comes from no file.
    fn file(&self) -> Option<String> {
        None
    }
    /// The number and file of the row that the element `list.index.column` comes from; `None` if a list has no file
    /// of its own.
    fn element(&self, path: &str) -> Option<(u64, String)> {
        let _ = path;
        None
    }
    /// Whether a step of the row is done, so that it is not checked. `step` is an index into `Plan::steps`.
    fn is_done(&self, step: usize) -> bool {
        let _ = step;
        false
    }
}

/// How a message about a cell begins, and the list's row that it is about; `None` if it is about the row itself.
/// `cell` is a column, or `list.index.column`.
pub(super) fn name_of_row(row: &dyn RowCells, cell: Option<&str>) -> (String, Option<AboutRow>) {
    let number = row.number();
    let element = cell.and_then(|cell| {
        let mut parts = cell.splitn(3, '.');
        let list = parts.next()?;
        Some((cell, list, parts.next()?.parse::<usize>().ok()? + 1))
    });
    let Some((cell, list, place)) = element else { return (format!("Row {number}"), None) };
    match row.element(cell) {
        Some((own, file)) => {
            let words = format!("Row {own} of {file}, element {place} of `{list}` of row {number}");
            (words, Some(AboutRow { number: own, key: None, file }))
        }
        None => (format!("Row {number}, element {place} of `{list}`"), None),
    }
}
