//! CSV cells read again from a well-formed text, and written.

use crate::rows::record::{CellSpan, Dialect, Record};

/// Builds a record from a text that was read before.
pub(in crate::rows::formats) fn reread(text: &str, delimiter: char, line: usize, number: u64) -> Record {
    Record { cells: split(text, delimiter), text: text.to_owned(), line, number, ..Record::default() }
}

/// The cells of a well-formed record.
fn split(text: &str, delimiter: char) -> Vec<CellSpan> {
    let mut cells = Vec::new();
    let mut start = 0;
    loop {
        let cell = cell_at(text, start, delimiter);
        cells.push(cell);
        let end = cell.span().end;
        if !text[end.min(text.len())..].starts_with(delimiter) {
            return cells;
        }
        start = end + delimiter.len_utf8();
    }
}

fn cell_at(text: &str, start: usize, delimiter: char) -> CellSpan {
    if !text[start..].starts_with('"') {
        let end = text[start..].find(delimiter).map_or(text.len(), |at| start + at);
        return CellSpan::plain(start, end);
    }
    let mut cell = CellSpan { start: start + 1, end: start + 1, quoted: true, escaped: false };
    loop {
        cell.end += text[cell.end..].find('"').unwrap_or(text.len() - cell.end);
        if !text[cell.end..].starts_with("\"\"") {
            return cell;
        }
        cell.escaped = true;
        cell.end += 2;
    }
}

/// A line of these cells, each a record and the index of a cell in it.
pub(in crate::rows) fn csv_line<'r>(places: impl Iterator<Item = (&'r Record, usize)>, dialect: &Dialect) -> String {
    let mut line = String::new();
    for (place, (record, at)) in places.enumerate() {
        if place > 0 {
            line.push(dialect.delimiter);
        }
        push(&mut line, &record.cell(at).unwrap_or_default(), dialect);
    }
    line
}

/// Appends a cell, quoted if it must be to read back as this text.
pub(in crate::rows) fn push(line: &mut String, text: &str, dialect: &Dialect) {
    let special = |c: char| c == dialect.delimiter || matches!(c, '"' | '\n' | '\r');
    if dialect.quoted || text.contains(special) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}
