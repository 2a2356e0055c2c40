//! The lines of a row file: every row's own bytes, followed by its results.

use std::borrow::Cow;

use super::csv_cell::{push_cell, result_text, talk};
use super::json_line::push_row;
use super::row_record::RowRecord;
use crate::model::{Map, RunId, Value};
use crate::rows::{Dialect, ResultColumn, RowFormat};

/// A usual upper size of our part of a line, in bytes.
const OUR_LENGTH: usize = 128;

/// Renders rows as the lines of a row file.
pub struct RowLines {
    dialect: Dialect,
    columns: Vec<String>,
    run_id: RunId,
    line: Vec<u8>,
}

impl RowLines {
    /// Lines in a dialect, with these result columns of the playbook.
    #[must_use]
    pub fn new(dialect: &Dialect, result_columns: &[String], run_id: &RunId) -> Self {
        Self { dialect: dialect.clone(), columns: result_columns.to_vec(), run_id: run_id.clone(), line: Vec::new() }
    }

    /// The dialect.
    pub(super) fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The first line of a file; empty for formats without a header.
    #[must_use]
    pub fn header(&self) -> Vec<u8> {
        let mut line = Vec::new();
        if self.dialect.bom {
            line.extend_from_slice(&self.dialect.encoding.encode("\u{feff}"));
        }
        if self.dialect.format == RowFormat::JsonLines {
            return line;
        }
        line.extend_from_slice(&self.dialect.escaped_header());
        let ours = ResultColumn::WORDS.into_iter().chain(self.columns.iter().map(String::as_str));
        line.extend_from_slice(&self.dialect.encoding.encode(&our_cells(&self.dialect, ours.map(Cow::Borrowed))));
        line
    }

    /// The line of a row, with its line end.
    pub fn line(&mut self, row: &RowRecord) -> &[u8] {
        self.line.clear();
        match self.dialect.format {
            RowFormat::Csv => self.render_cells(row),
            RowFormat::JsonLines => self.render_members(row),
        }
        &self.line
    }

    fn render_cells(&mut self, row: &RowRecord) {
        self.render_own(&row.raw);
        let ours = ResultColumn::ALL.into_iter().map(|column| ColumnValue::of(column, &self.run_id, row).into_text());
        let results = self.columns.iter().map(|column| {
            let value = row.results.iter().find(|(name, _)| name == column).map(|(_, value)| result_text(value));
            Cow::Owned(value.unwrap_or_default())
        });
        let ours = our_cells(&self.dialect, ours.chain(results));
        self.line.extend_from_slice(&self.dialect.encoding.encode(&ours));
    }

    /// Writes the row's own bytes. Its result columns of earlier runs are written like ours.
    fn render_own(&mut self, raw: &[u8]) {
        let Some((own, taken)) = self.dialect.taken_cells(raw) else {
            return self.line.extend_from_slice(&self.dialect.escaped_row(raw));
        };
        let mut cells = String::new();
        for text in taken {
            cells.push(self.dialect.delimiter);
            push_cell(&mut cells, &text, &self.dialect);
        }
        self.line.extend_from_slice(&self.dialect.escaped_row(&raw[..own]));
        self.line.extend_from_slice(&self.dialect.encoding.encode(&cells));
    }

    fn render_members(&mut self, row: &RowRecord) {
        let value = |column: ResultColumn| ColumnValue::of(column, &self.run_id, row).into_json();
        let mut ours: Map =
            ResultColumn::ALL.into_iter().map(|column| (column.as_str().to_owned(), value(column))).collect();
        for column in &self.columns {
            let value = row.results.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone());
            ours.insert(column.clone(), value.unwrap_or_default());
        }
        push_row(&mut self.line, &row.raw, &ours, &self.dialect);
    }
}

/// A value of a result column.
enum ColumnValue<'r> {
    Text(&'r str),
    /// A message of the vendor or of runsheet.
    Told(&'r str),
    Number(u64),
    Absent,
}

impl<'r> ColumnValue<'r> {
    fn of(column: ResultColumn, run_id: &'r RunId, row: &'r RowRecord) -> Self {
        let text = |text: &'r Option<String>| text.as_deref().map_or(Self::Absent, Self::Text);
        let told = |text: &'r Option<String>| text.as_deref().map_or(Self::Absent, Self::Told);
        match column {
            ResultColumn::Run => Self::Text(run_id.as_str()),
            ResultColumn::Outcome => Self::Text(row.outcome.as_str()),
            ResultColumn::Step => text(&row.step),
            ResultColumn::Code => told(&row.code),
            ResultColumn::Message => told(&row.message),
            ResultColumn::RequestId => told(&row.request_id),
            ResultColumn::Attempts => Self::Number(row.attempts),
        }
    }

    fn into_text(self) -> Cow<'r, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Told(text) => talk(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Absent => Cow::Borrowed(""),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Text(text) | Self::Told(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::Absent => Value::Null,
        }
    }
}

/// Our part of a line, with its line end.
fn our_cells<'c>(dialect: &Dialect, texts: impl Iterator<Item = Cow<'c, str>>) -> String {
    let mut cells = String::with_capacity(OUR_LENGTH);
    for (index, text) in texts.enumerate() {
        // A delimiter goes before every cell, except at the very start of a line.
        if index > 0 || dialect.columns > 0 {
            cells.push(dialect.delimiter);
        }
        push_cell(&mut cells, &text, dialect);
    }
    cells.push_str(dialect.line_end.as_str());
    cells
}
