//! Places in a record for messages: the line around a cell, with sensitive cells masked.

use super::columns::Table;
use crate::diagnostic::{Place, Span};
use crate::rows::record::{CellSpan, Record};

/// Shown in place of a sensitive cell.
const MASK: &str = "***";

/// Gives places within one record.
pub(in crate::rows) struct RecordPlaces<'r> {
    table: &'r Table,
    record: &'r Record,
}

impl<'r> RecordPlaces<'r> {
    pub(in crate::rows) fn of(table: &'r Table, record: &'r Record) -> Self {
        Self { table, record }
    }

    /// The place of the cell at `index`.
    pub(in crate::rows) fn cell(&self, index: usize) -> Place {
        let (text, cells) = self.shown();
        let end = CellSpan::plain(text.len(), text.len());
        let shown = cells.get(index).unwrap_or(&end).span();
        let real = self.record.cells.get(index).map_or(self.record.text.len(), |cell| cell.span().start);
        self.place(&text, shown, real)
    }

    /// The place of a part of a malformed record, whose cells are unknown.
    pub(in crate::rows) fn span(&self, span: Span) -> Place {
        if self.table.is_masked() {
            // It is unknown which cell is sensitive, so the whole record is hidden.
            return self.place(MASK, Span::new(0, MASK.len()), span.start);
        }
        self.place(&self.record.text, span, span.start)
    }

    /// The record's text with sensitive cells masked, and where its cells are in it.
    fn shown(&self) -> (String, Vec<CellSpan>) {
        let record = self.record;
        if !self.table.is_masked() {
            return (record.text.clone(), record.cells.clone());
        }
        let ragged = record.cells.len() != self.table.width;
        let (mut text, mut cells) = (String::new(), record.cells.clone());
        // Members of an object come in any order.
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_by_key(|&index| cells[index].start);
        let mut taken = 0;
        for index in order {
            let cell = cells[index];
            let inner = record.text.get(cell.start..cell.end).unwrap_or_default();
            let column = self.table.columns.get(index).and_then(Option::as_ref);
            let sensitive = ragged || column.is_some_and(|column| column.decl.sensitive);
            text.push_str(record.text.get(taken..cell.start).unwrap_or_default());
            let start = text.len();
            text.push_str(if sensitive && !inner.is_empty() { MASK } else { inner });
            cells[index] = CellSpan { start, end: text.len(), ..cell };
            taken = cell.end;
        }
        text.push_str(record.text.get(taken..).unwrap_or_default());
        (text, cells)
    }

    /// The line of `text` around `shown`. Line and column number are those of the byte `real` in the unmasked record.
    fn place(&self, text: &str, shown: Span, real: usize) -> Place {
        let from = line_start(text, shown.start);
        let to = text[from..].find('\n').map_or(text.len(), |at| from + at);
        let inside = Span::new(shown.start - from, shown.end.min(to).saturating_sub(from));
        let before = self.record.text.get(..real).unwrap_or(&self.record.text);
        let line = self.record.line + before.matches('\n').count();
        let mut place = Place::in_line(&self.table.file, line, text[from..to].trim_end_matches('\r'), inside);
        let indent = if line == self.record.line { self.record.indent } else { 0 };
        place.column = indent + before[line_start(before, before.len())..].chars().count() + 1;
        place
    }
}

/// The start of the line that holds the byte `at`.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}
