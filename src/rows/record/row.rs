//! A row, valid or not, and the columns that templates see.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::model::Map;
use crate::playbook::ColumnType;

/// A valid row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Index among the file's rows, from 0. Blank rows are not counted.
    pub position: u64,
    /// Row number as a spreadsheet shows it: the header is 1, and a quoted line break starts no new row.
    pub number: u64,
    /// The line of the file on which it starts, from 1.
    pub line: usize,
    /// The key: one cell, or several joined by `:` with their own `:` and `\` escaped.
    pub key: String,
    /// The row's bytes as the file has them, without the line end, up to any `_run` column.
    pub raw: Bytes,
    /// The typed cells by column name, then the lists as arrays of objects.
    pub cells: Map,
    /// Paths of blank cells that are neither optional nor have a default, such as `remark` or `customers.0.phone`. They
    /// are `""` in `cells`, and a template that uses one is an error.
    pub blanks: Vec<String>,
}

impl Row {
    /// The single row of a run without a row file.
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

    /// Whether the cell at `path` is in `blanks`. A path is `column`, or `list.index.column`.
    #[must_use]
    pub fn is_blank(&self, path: &str) -> bool {
        self.blanks.iter().any(|blank| blank == path)
    }
}

/// A row with errors, which cannot be run.
#[derive(Debug, Clone)]
pub struct InvalidRow {
    /// Index among the file's rows, from 0.
    pub position: u64,
    /// Row number as a spreadsheet shows it.
    pub number: u64,
    /// The key; `None` if it is malformed, blank or already taken by an earlier row.
    pub key: Option<String>,
    /// The row's bytes as the file has them.
    pub raw: Bytes,
    /// What is wrong with it; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

/// One row as read, valid or not.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A valid row.
    Row(Row),
    /// A row with errors.
    Invalid(InvalidRow),
}

/// A column of the file as templates see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in templates.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Whether a blank cell becomes null.
    pub optional: bool,
    /// Whether the playbook declares a default for a blank cell.
    #[serde(default)]
    pub has_default: bool,
    /// Whether its cells are masked in messages and reports.
    pub sensitive: bool,
    /// Whether the playbook declares it.
    pub declared: bool,
}

/// A list and its columns as templates see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListColumns {
    /// Its name in templates.
    pub name: String,
    /// The columns of its elements, without those that match them to a row.
    pub columns: Vec<Column>,
}
