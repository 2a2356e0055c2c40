//! Records read again from text that was kept.

use super::{csv, json};
use crate::rows::record::{Dialect, Record, RowFormat};

/// What it takes to read a record again from its text.
pub(in crate::rows) enum RecordLayout {
    /// CSV with this delimiter.
    Cells(char),
    /// JSON objects with these columns.
    Members(Vec<String>),
}

impl RecordLayout {
    /// Reads a record again. The text must be well formed.
    pub(in crate::rows) fn reread(&self, text: &str, line: usize, number: u64) -> Record {
        match self {
            Self::Members(heads) => json::reread(text, heads, line, number),
            Self::Cells(delimiter) => csv::reread(text, *delimiter, line, number),
        }
    }
}

impl Dialect {
    /// The heads of the columns, without result columns.
    pub(in crate::rows) fn heads(&self) -> Vec<String> {
        match self.format {
            RowFormat::JsonLines => serde_json::from_str(&self.header).unwrap_or_default(),
            RowFormat::Csv => {
                let record = self.layout().reread(&self.header, 1, 1);
                (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().trim().to_owned()).collect()
            }
        }
    }

    /// How records of this dialect are read again.
    pub(in crate::rows) fn layout(&self) -> RecordLayout {
        match self.format {
            RowFormat::JsonLines => RecordLayout::Members(self.heads()),
            RowFormat::Csv => RecordLayout::Cells(self.delimiter),
        }
    }

    /// Splits a CSV row before the results of earlier runs: the length of its own part in bytes, and the texts of those
    /// results, which may hold a vendor's formulas. `None` if it has no such cells.
    #[must_use]
    pub fn taken_cells(&self, raw: &[u8]) -> Option<(usize, Vec<String>)> {
        if self.taken == 0 || self.format != RowFormat::Csv {
            return None;
        }
        let text = self.encoding.decode(raw);
        let record = self.layout().reread(&text, 1, 1);
        let first =
            self.columns.checked_sub(self.taken).filter(|first| *first > 0 && record.cells.len() == self.columns)?;
        let own = record.cells[first].span().start - self.delimiter.len_utf8();
        let cells = (first..self.columns).map(|at| record.cell(at).unwrap_or_default().into_owned());
        Some((self.encoding.length_of(raw, own), cells.collect()))
    }

    /// The header's bytes for a row file, with formulas escaped.
    #[must_use]
    pub fn escaped_header(&self) -> Vec<u8> {
        let header = self.own_header();
        self.escaped_row(&header).into_owned()
    }
}
