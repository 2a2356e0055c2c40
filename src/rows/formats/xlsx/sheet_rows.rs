//! Reads a sheet's rows one after another: their cells, kinds and styles.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use quick_xml::events::{BytesStart, Event};

use super::array_formulas::ArrayFormulas;
use super::package::Part;
use super::problems;
use super::sheet_cell::{CellKind, SheetCell, SheetRow, column_of};
use super::strings::unescape;
use super::xml::{LONGEST_TEXT, Xml, attribute, push_text};
use crate::diagnostic::shortened;
use crate::rows::record::{MOST_COLUMNS, ReadError};

/// The most rows that a sheet has.
const MOST_ROWS: u64 = 1 << 20;

/// The rows of a sheet.
pub(super) struct SheetRows {
    xml: Xml,
    number: u64,
    inside: bool,
    ended: bool,
    array_formulas: ArrayFormulas,
}

impl SheetRows {
    /// Opens a sheet. `stale` says that its formulas must be recalculated.
    pub(super) fn open(part: &Part, stale: bool) -> Self {
        Self { xml: Xml::open(part), number: 0, inside: false, ended: false, array_formulas: ArrayFormulas::new(stale) }
    }

    /// The next row that is stored; `None` at the end.
    ///
    /// # Errors
    ///
    /// The sheet is damaged or exceeds a bound.
    pub(super) fn next(&mut self) -> Result<Option<SheetRow>, ReadError> {
        while !self.ended {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().into_inner() {
                    "sheetData" => self.inside = true,
                    "row" if self.inside => {
                        let row = open_row(&element, self.number)?;
                        self.number = row.number;
                        return self.fill(row).map(Some);
                    }
                    _ => {}
                },
                Event::Empty(element) => match element.local_name().into_inner() {
                    "sheetData" => self.ended = true,
                    "row" if self.inside => self.number = open_row(&element, self.number)?.number,
                    _ => {}
                },
                Event::End(element) if element.local_name().into_inner() == "sheetData" => self.ended = true,
                // A sheet may have no cells.
                Event::Eof => self.ended = true,
                _ => {}
            }
        }
        Ok(None)
    }

    fn fill(&mut self, mut row: SheetRow) -> Result<SheetRow, ReadError> {
        let (mut next, mut reading, mut hint, mut length) = (0, false, false, 0);
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(element) => match element.local_name().into_inner() {
                    "c" => row.cells.push(open_cell(element, next)?),
                    "f" => self.array_formulas.formula(element, &mut row)?,
                    "rPh" => hint = true,
                    "v" | "t" => reading = set_valued(&mut row) && !hint,
                    _ => {}
                },
                Event::Empty(element) => match element.local_name().into_inner() {
                    "c" => next = open_cell(element, next)?.column + 1,
                    "f" => self.array_formulas.formula(element, &mut row)?,
                    "v" | "t" => {
                        set_valued(&mut row);
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().into_inner() {
                    "row" => {
                        self.array_formulas.mark_filled(&mut row);
                        return Ok(row);
                    }
                    "c" => next = close_cell(&mut row),
                    "rPh" => hint = false,
                    "v" | "t" => reading = false,
                    _ => {}
                },
                Event::Eof => return Err(problems::damaged("the sheet ends in the middle")),
                other => {
                    if let Some(cell) = row.cells.last_mut().filter(|_| reading) {
                        let before = cell.text.len();
                        push_text(other, &mut cell.text)?;
                        length += cell.text.len() - before;
                        if length > LONGEST_TEXT {
                            return Err(too_long(row.number));
                        }
                    }
                }
            }
        }
    }
}

/// Records that the last cell has a value; `false` if there is no cell.
fn set_valued(row: &mut SheetRow) -> bool {
    let Some(cell) = row.cells.last_mut() else { return false };
    cell.valued = true;
    true
}

/// Ends the last cell and returns the column behind it. An empty cell is dropped.
fn close_cell(row: &mut SheetRow) -> usize {
    let Some(cell) = row.cells.last_mut() else { return 0 };
    let next = cell.column + 1;
    if matches!(cell.kind, CellKind::Text) {
        unescape(&mut cell.text);
    }
    if cell.text.is_empty() && !cell.formula {
        row.cells.pop();
    }
    next
}

fn open_row(element: &BytesStart<'_>, before: u64) -> Result<SheetRow, ReadError> {
    let number = match attribute(element, "r") {
        Some(text) => text.parse().map_err(|_| problems::damaged("a row has no number"))?,
        None => before + 1,
    };
    if number <= before || number > MOST_ROWS {
        return Err(problems::damaged(format!("row {number} follows row {before}")));
    }
    let hidden = attribute(element, "hidden").is_some_and(|text| text == "1" || text == "true");
    Ok(SheetRow { number, hidden, cells: Vec::new() })
}

fn open_cell(element: &BytesStart<'_>, next: usize) -> Result<SheetCell, ReadError> {
    let column = match attribute(element, "r") {
        Some(name) => {
            column_of(&name).ok_or_else(|| problems::damaged(format!("`{}` is not a cell", shortened(&name, 20))))?
        }
        None => next,
    };
    if column < next || column >= MOST_COLUMNS {
        return Err(problems::damaged(format!(
            "a cell stands in column {} where {} or more is due",
            column + 1,
            next + 1
        )));
    }
    let kind = match attribute(element, "t").as_deref() {
        None | Some("n") => CellKind::Number,
        Some("s") => CellKind::Shared,
        Some("b") => CellKind::Boolean,
        Some("e") => CellKind::Error,
        Some("d") => CellKind::Date,
        Some(_) => CellKind::Text,
    };
    let style = attribute(element, "s").and_then(|text| text.parse().ok());
    Ok(SheetCell { column, kind, style, ..SheetCell::default() })
}

/// The error for a row whose cells are too long together.
fn too_long(row: u64) -> ReadError {
    problems::too_large(&format!("the cells of row {row} hold more than {} MiB", LONGEST_TEXT >> 20))
}
