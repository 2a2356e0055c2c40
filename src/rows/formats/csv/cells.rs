//! CSV records as text: read again from a text that is well formed, and written.

use crate::rows::record::{CellSpan, Dialect, Record};

/// A record that was read before, from its text and its place.
pub(in crate::rows) fn reread(text: &str, delimiter: char, line: usize, number: u64) -> Record {
    Record { cells: split(text, delimiter), text: text.to_owned(), line, number, ..Record::default() }
}

/// Where the cells of a well-formed record stand.
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
        return CellSpan { start, end, quoted: false, doubled: false };
    }
    let mut cell = CellSpan { start: start + 1, end: start + 1, quoted: true, doubled: false };
    loop {
        cell.end += text[cell.end..].find('"').unwrap_or(text.len() - cell.end);
        if !text[cell.end..].starts_with("\"\"") {
            return cell;
        }
        cell.doubled = true;
        cell.end += 2;
    }
}

/// A line of these cells.
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

/// Appends a cell that reads back as exactly this text.
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
