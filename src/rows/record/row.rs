//! One row: its place, its key, its own bytes, its typed cells.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::model::Map;
use crate::playbook::ColumnType;

/// A row that was read without mistakes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its place among the rows, from 0. Rows without any text are no rows.
    pub position: u64,
    /// Its number as a spreadsheet shows it: the header is 1, a quoted line break makes no new row.
    pub number: u64,
    /// The line of the file on which it starts, as an editor counts.
    pub line: usize,
    /// What names it: the key's cell; several cells joined by `:`, their own `:` and `\` escaped.
    pub key: String,
    /// Its own bytes without the line end, up to any `_run` column.
    pub raw: Bytes,
    /// Its cells by name, typed; then the lists, as arrays of objects.
    pub cells: Map,
    /// The blank cells that are neither optional nor have a default: `remark`, or `customers.0.phone` in a list. They
    /// stand as `""` among the cells, and a template that uses one is a mistake.
    pub blanks: Vec<String>,
}

impl Row {
    /// The one row of a run without rows.
    #[must_use]
    pub fn only() -> Self {
        Self {
            position: 0,
            number: 1,
            line: 1,
            key: String::new(),
            raw: Bytes::new(),
            cells: Map::new(),
            blanks: Vec::new(),
        }
    }

    /// Whether a cell is blank without being optional; `path` is a column, or `list.index.column`.
    #[must_use]
    pub fn is_blank(&self, path: &str) -> bool {
        self.blanks.iter().any(|blank| blank == path)
    }
}

/// A row that cannot be run.
#[derive(Debug, Clone)]
pub struct InvalidRow {
    /// Its place among the rows, from 0.
    pub position: u64,
    /// Its number as a spreadsheet shows it.
    pub number: u64,
    /// Its key, where it could be read and no earlier row had it.
    pub key: Option<String>,
    /// Its own bytes.
    pub raw: Bytes,
    /// What is wrong with it; at least one.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a row file gives, one after another.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A row.
    Row(Row),
    /// A row with mistakes.
    Invalid(InvalidRow),
}

/// A column of the file as templates see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in templates.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Whether a blank cell is null.
    pub optional: bool,
    /// Whether the playbook says what stands in for a blank cell.
    #[serde(default)]
    pub has_default: bool,
    /// Whether it is masked wherever people look.
    pub sensitive: bool,
    /// Whether the playbook declares it.
    pub declared: bool,
}

/// A list and its columns as templates see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListColumns {
    /// Its name in templates.
    pub name: String,
    /// The columns of its elements, without those that tie it to the row.
    pub columns: Vec<Column>,
}
