//! A row as the check sees it, and how messages name it.

use crate::diagnostic::{AboutRow, Place};

/// A row's cells with their places, as the check asks for them.
pub trait RowCells {
    /// Whether a cell is blank that its column does not allow to be.
    fn is_blank(&self, column: &str) -> bool;
    /// Whether any cell is blank that its column does not allow to be.
    fn has_blanks(&self) -> bool {
        true
    }
    /// Where a cell stands in its file.
    fn place(&self, column: &str) -> Option<Place>;
    /// The number a person sees.
    fn number(&self) -> u64;
    /// The row's key, where it has one.
    fn key(&self) -> Option<&str> {
        None
    }
    /// The file that the row comes from, as messages name it.
    fn file(&self) -> Option<String> {
        None
    }
    /// The number and the file of the list's row that `list.index.column` stands in.
    fn element(&self, path: &str) -> Option<(u64, String)> {
        let _ = path;
        None
    }
    /// Whether nothing of a step is left to do, so that nothing of it is to be checked.
    fn is_done(&self, step: usize) -> bool {
        let _ = step;
        false
    }
}

/// How a message about a cell begins, and the row that it is about where that is not the row itself. `cell` is a column,
/// or `list.index.column`.
pub(super) fn named(row: &dyn RowCells, cell: Option<&str>) -> (String, Option<AboutRow>) {
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
