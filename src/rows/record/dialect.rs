//! How a row file is written: delimiter, quoting, line end, byte-order mark and header.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::TextEncoding;

/// How a row file is written, so that a row's own bytes can be repeated in a file of the same kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// What kind of file it is.
    #[serde(default)]
    pub format: RowFormat,
    /// What parts the cells.
    pub delimiter: char,
    /// Whether every cell of the header is quoted, so that ours are too.
    pub quoted: bool,
    /// What ends a line.
    pub line_end: LineEnd,
    /// Whether the file opens with a byte-order mark.
    pub bom: bool,
    /// The encoding.
    #[serde(default)]
    pub encoding: TextEncoding,
    /// The header's own text without its line end, up to any `_run` column; of JSON Lines, an array of the columns.
    pub header: String,
    /// The header's own bytes, where they are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_bytes: Option<Vec<u8>>,
    /// How many columns that header has; 0 for a run without rows.
    pub columns: usize,
    /// How many of these columns, the last ones, hold results of earlier runs.
    #[serde(default, skip_serializing_if = "is_none")]
    pub taken: usize,
    /// Whether its rows were not lines of text at first (a workbook's): a text among them that a spreadsheet would run as
    /// a cell of CSV is held when it is written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub converted: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// What kind of file our row files are: an array's rows are written as JSON Lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// Cells between delimiters.
    #[default]
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`, as old spreadsheets write it.
    Cr,
}

impl LineEnd {
    /// The bytes themselves.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

impl Dialect {
    /// What follows the point in the names of row files.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        match self.format {
            RowFormat::JsonLines => "jsonl",
            RowFormat::Csv if self.delimiter == '\t' => "tsv",
            RowFormat::Csv => "csv",
        }
    }

    /// The header's own bytes.
    #[must_use]
    pub fn own_header(&self) -> Cow<'_, [u8]> {
        match &self.header_bytes {
            Some(bytes) => Cow::Borrowed(bytes),
            None => self.encoding.encode(&self.header),
        }
    }
}

impl Default for Dialect {
    /// The dialect of a run without rows: commas, line feeds, no columns.
    fn default() -> Self {
        Self {
            format: RowFormat::default(),
            delimiter: ',',
            quoted: false,
            line_end: LineEnd::default(),
            bom: false,
            encoding: TextEncoding::default(),
            header: String::new(),
            header_bytes: None,
            columns: 0,
            taken: 0,
            converted: false,
        }
    }
}
