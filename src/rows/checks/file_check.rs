//! Checks every record of a file, and gives the warnings at its end.

use super::column::ColumnCheck;
use super::finding::FoundCell;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rows::checks::leftovers::is_total;
use crate::rows::record::{MemberKind, Record};
use crate::rows::table::{RecordPlaces, Table};

/// The most rows below the header that a survey adds.
const BELOW_HEADER: u64 = 2;

/// The checks of one file.
pub(in crate::rows) struct FileCheck {
    columns: Vec<(usize, ColumnCheck)>,
    /// The columns that may label a row of sums: the first, and those of the key.
    naming: Vec<usize>,
    records: u64,
    /// The latest row, if it is labelled as a total.
    total: Option<FoundCell>,
    /// The first row that a survey adds below its header.
    survey: Option<FoundCell>,
}

impl FileCheck {
    /// The checks for a file with its key at the columns `key`.
    pub(in crate::rows) fn of(table: &Table, key: &[usize]) -> Self {
        let bound = table.columns.iter().enumerate();
        let columns =
            bound.filter_map(|(at, bound)| Some((at, ColumnCheck::of(&bound.as_ref()?.decl, key.contains(&at))?)));
        let naming = std::iter::once(0).chain(key.iter().copied().filter(|at| *at != 0)).collect();
        Self { columns: columns.collect(), naming, records: 0, total: None, survey: None }
    }

    /// Checks a well-formed record.
    pub(in crate::rows) fn inspect(&mut self, table: &Table, record: &Record) {
        let found = |at: usize| FoundCell { place: RecordPlaces::of(table, record).cell(at), row: record.number };
        self.records += 1;
        let is = |at: usize, told: fn(&str) -> bool| record.cell(at).is_some_and(|text| told(&text));
        self.total = self.naming.iter().copied().find(|at| is(*at, is_total)).map(found);
        if self.survey.is_none() && self.records <= BELOW_HEADER && record.kinds.is_empty() {
            self.survey = (0..record.cells.len()).find(|at| is(*at, is_survey)).map(found);
        }
        for (at, column) in &mut self.columns {
            if matches!(record.kinds.get(*at), Some(MemberKind::List | MemberKind::Map)) {
                continue;
            }
            let locate = || FoundCell { place: RecordPlaces::of(table, record).cell(*at), row: record.number };
            if let Some(text) = record.cell(*at) {
                column.inspect(&text, &locate);
            }
        }
    }

    /// Adds the warnings about the file.
    pub(in crate::rows) fn report(&self, diagnostics: &mut Diagnostics) {
        self.columns.iter().for_each(|(_, column)| column.report(diagnostics));
        let last = self.total.iter().filter(|_| self.records > 1).map(|found| {
            let help = "Take it out where it is a sum of the others: it would be sent as a row of its own";
            let message = format!("The last row, {}, is headed as one of sums", found.row);
            Diagnostic::warning("total-row", message).at(found.place.clone(), "the last row").help(help)
        });
        diagnostics.extend(last);
        diagnostics.extend(self.survey.iter().map(|found| {
            let message = format!("Row {} is one that a survey writes below its header", found.row);
            let help = "Take it out: it would be sent as a row of its own";
            Diagnostic::warning("survey-header", message).at(found.place.clone(), "not an answer").help(help)
        }));
    }
}

/// Whether a cell is what surveys write below the header about a column's question.
fn is_survey(text: &str) -> bool {
    text.starts_with("{\"ImportId\":") || text == "Open-Ended Response"
}
