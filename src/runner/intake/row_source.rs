//! Where rows come from: a row file, or the one row of a playbook without rows.

use super::earlier_rows::EarlierRows;
use crate::diagnostic::{Diagnostics, Place};
use crate::plan::RowCells;
use crate::rows::{Column, Reading, Row, RowFile};

/// The rows of a run.
pub enum RowSource {
    /// A row file.
    File(Box<RowFile>),
    /// A playbook without rows, whose steps run once.
    Once {
        /// Whether its one row was returned already.
        given: bool,
    },
    /// The rows of an earlier run.
    Earlier(Box<EarlierRows>),
}

impl RowSource {
    /// The next row, with or without mistakes.
    pub fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Reading> {
        match self {
            Self::File(file) => file.next_reading(diagnostics),
            Self::Earlier(rows) => rows.next(diagnostics),
            Self::Once { given } => (!std::mem::replace(given, true)).then(|| Reading::Row(Row::only())),
        }
    }
}

impl RowSource {
    /// Reads all rows only to report their own mistakes, when there is no plan to check them against.
    pub fn report_mistakes(&mut self, diagnostics: &mut Diagnostics) {
        if let Self::File(file) = self {
            while file.next(diagnostics).is_some() {}
        }
    }

    /// The columns that every row has, with their types; empty if they are not known.
    pub(super) fn columns(&self) -> Vec<Column> {
        match self {
            Self::File(file) => file.columns(),
            Self::Earlier(_) | Self::Once { .. } => Vec::new(),
        }
    }

    /// Whether a step that runs once is already done; `list` is 0 for `before` and 1 for `after`.
    pub(super) fn is_done_once(&self, list: usize, step: usize) -> bool {
        matches!(self, Self::Earlier(rows) if rows.is_done_once(list, step))
    }
}

/// A row with its source, for the check.
pub(super) struct RowInFile<'a> {
    pub row: &'a Row,
    pub source: &'a RowSource,
}

impl RowCells for RowInFile<'_> {
    fn is_blank(&self, column: &str) -> bool {
        self.row.is_blank(column)
    }

    fn has_blanks(&self) -> bool {
        !self.row.blanks.is_empty()
    }

    fn place(&self, column: &str) -> Option<Place> {
        match self.source {
            RowSource::File(file) => Some(file.place(self.row, column)),
            RowSource::Earlier(rows) => rows.place(self.row, column),
            RowSource::Once { .. } => None,
        }
    }

    fn is_done(&self, step: usize) -> bool {
        matches!(self.source, RowSource::Earlier(rows) if rows.is_done(step))
    }

    fn number(&self) -> u64 {
        self.row.number
    }

    fn key(&self) -> Option<&str> {
        Some(&self.row.key)
    }

    fn file(&self) -> Option<String> {
        match self.source {
            RowSource::File(file) => Some(file.name().to_owned()),
            RowSource::Earlier(rows) => Some(rows.file_name()),
            RowSource::Once { .. } => None,
        }
    }

    fn element(&self, path: &str) -> Option<(u64, String)> {
        let file = match self.source {
            RowSource::File(file) => file,
            RowSource::Earlier(rows) => rows.origin_file()?,
            RowSource::Once { .. } => return None,
        };
        file.element(self.row, path).map(|(number, name)| (number, name.to_owned()))
    }
}
