//! Records of a file read again from their own text.

use super::{csv, json};
use crate::rows::record::{Dialect, Record, RowFormat};

/// How records of a file are read again from their text.
pub(in crate::rows) enum RecordLayout {
    /// Cells between delimiters.
    Cells(char),
    /// Members of an object, by the columns' heads.
    Members(Vec<String>),
}

impl RecordLayout {
    /// A record that was read before, from its text and its place.
    pub(in crate::rows) fn reread(&self, text: &str, line: usize, number: u64) -> Record {
        match self {
            Self::Members(heads) => json::reread(text, heads, line, number),
            Self::Cells(delimiter) => csv::reread(text, *delimiter, line, number),
        }
    }
}

impl Dialect {
    /// The columns' heads, without ours.
    pub(in crate::rows) fn heads(&self) -> Vec<String> {
        match self.format {
            RowFormat::JsonLines => serde_json::from_str(&self.header).unwrap_or_default(),
            RowFormat::Csv => {
                let record = self.layout().reread(&self.header, 1, 1);
                (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().trim().to_owned()).collect()
            }
        }
    }

    /// How records are read again.
    pub(in crate::rows) fn layout(&self) -> RecordLayout {
        match self.format {
            RowFormat::JsonLines => RecordLayout::Members(self.heads()),
            RowFormat::Csv => RecordLayout::Cells(self.delimiter),
        }
    }

    /// Of a row's bytes, how many are its own, and the cells behind them that hold results of earlier runs: vendors'
    /// words, which a spreadsheet must not run.
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

    /// The header as it may stand in a row file.
    #[must_use]
    pub fn escaped_header(&self) -> Vec<u8> {
        let header = self.own_header();
        self.escaped_row(&header).into_owned()
    }
}
