//! The look at every record of a file, and what is told at its end.

use super::column::Column;
use super::finding::Found;
use crate::diagnostic::Diagnostics;
use crate::rows::cite::Cite;
use crate::rows::json::Kind;
use crate::rows::record::Record;
use crate::rows::table::Table;

/// Looks at the cells of a file's text columns.
pub(in crate::rows) struct Doctor {
    columns: Vec<(usize, Column)>,
}

impl Doctor {
    /// For a file whose rows are named by the columns at `key`.
    pub(in crate::rows) fn of(table: &Table, key: &[usize]) -> Self {
        let bound = table.columns.iter().enumerate();
        let columns = bound.filter_map(|(at, bound)| Some((at, Column::of(&bound.as_ref()?.decl, key.contains(&at))?)));
        Self { columns: columns.collect() }
    }

    /// Looks at a record that is well formed.
    pub(in crate::rows) fn look(&mut self, table: &Table, record: &Record) {
        for (at, column) in &mut self.columns {
            if matches!(record.kinds.get(*at), Some(Kind::List | Kind::Map)) {
                continue;
            }
            let spot = || Found { place: Cite::of(table, record).cell(*at), row: record.number };
            if let Some(text) = record.cell(*at) {
                column.look(&text, &spot);
            }
        }
    }

    /// Tells what was seen in the file.
    pub(in crate::rows) fn report(&self, diagnostics: &mut Diagnostics) {
        self.columns.iter().for_each(|(_, column)| column.report(diagnostics));
    }
}
