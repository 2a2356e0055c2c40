//! How messages name the row that they are about: the row itself, or the list's row that a cell stands in.

use super::check::Cells;
use crate::diagnostic::AboutRow;

/// How a message about a cell begins, and the row that it is about where that is not the row itself. `cell` is a column,
/// or `list.index.column`.
pub(super) fn named(row: &dyn Cells, cell: Option<&str>) -> (String, Option<AboutRow>) {
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
