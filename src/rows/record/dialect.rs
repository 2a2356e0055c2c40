//! How a row file is written: delimiter, quoting, line end, byte-order mark and header.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::TextEncoding;

/// How a row file is written, so that a row's own bytes can be copied into a file of the same kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// CSV, or JSON Lines.
    #[serde(default)]
    pub format: RowFormat,
    /// The character between two cells.
    pub delimiter: char,
    /// Whether every cell of the header is quoted; result columns are then quoted too.
    pub quoted: bool,
    /// The line end.
    pub line_end: LineEnd,
    /// Whether the file opens with a byte-order mark.
    pub bom: bool,
    /// The encoding.
    #[serde(default)]
    pub encoding: TextEncoding,
    /// The header's text without its line end, up to any `_run` column; for JSON Lines, a JSON array of the column
    /// names.
    pub header: String,
    /// The header's bytes as the file has them; `None` where they are UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_bytes: Option<Vec<u8>>,
    /// Number of columns in that header; 0 for a run without rows.
    pub columns: usize,
    /// Number of columns at the end that hold results of earlier runs.
    #[serde(default, skip_serializing_if = "is_none")]
    pub taken: usize,
    /// Whether the rows were converted to CSV, as those of a workbook are. Every text that a spreadsheet would run as a
    /// formula is then escaped when it is written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub converted: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// The format of the row files that a run writes. Rows of a JSON array are written as JSON Lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// One line a row, cells between delimiters.
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
    /// The characters of the line end.
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
    /// The extension of row files, without the point.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        match self.format {
            RowFormat::JsonLines => "jsonl",
            RowFormat::Csv if self.delimiter == '\t' => "tsv",
            RowFormat::Csv => "csv",
        }
    }

    /// The header's bytes in the file's encoding, without the line end.
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
