//! One record as a reader hands it on: its own text, where its cells stand, and what is wrong with its form.

use std::borrow::Cow;

use bytes::Bytes;

use super::dialect::Dialect;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::TextEncoding;
use crate::rows::formats::encoding::without_readings;
use crate::rows::formats::json;
use crate::rows::formats::json::{Kind, minified, token, unescaped};

/// What reads records from a kind of file. A new kind is one file with one implementation.
pub(in crate::rows) trait Reader: Send {
    /// The names in the header, without spaces around them; `_run` and what stands right of it included.
    fn heads(&self) -> &[String];
    /// How the file is written.
    fn dialect(&self) -> &Dialect;
    /// Says that its rows held texts that would run in a spreadsheet, so that row files hold them too.
    fn hold(&mut self) {}
    /// The line of the file on which the header starts, from 1.
    fn header_line(&self) -> usize;
    /// The encoding, where it was told from the bytes and not declared; it may change once from UTF-8 to another.
    fn encoding_told(&self) -> Option<TextEncoding>;
    /// What is to be said of the file once it is read.
    fn remarks(&self, _file: &str) -> Option<Diagnostic> {
        None
    }
    /// The file's own bytes that were read since this was last asked, where its input wanted them kept; none of a file
    /// whose records are not its own text.
    fn trail(&mut self) -> Option<Vec<u8>> {
        None
    }
    /// Reads the next record into `record`; false at the end.
    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError>;
}

/// One record; reused from one to the next.
#[derive(Debug, Default)]
pub(in crate::rows) struct Record {
    /// Its text without its line end; of bytes that are no text, a stand-in.
    pub(in crate::rows) text: String,
    /// Its own bytes, where they are not the text.
    pub(in crate::rows) bytes: Option<Bytes>,
    /// The encoding of its own bytes.
    pub(in crate::rows) encoding: TextEncoding,
    /// Where its cells stand.
    pub(in crate::rows) cells: Vec<Cell>,
    /// What kind of value each cell is, where the file has kinds.
    pub(in crate::rows) kinds: Vec<Kind>,
    /// The part of the text that is ours, where it is not what stands behind a cell.
    pub(in crate::rows) ours: Option<Span>,
    /// How many characters stand before it on its line.
    pub(in crate::rows) indent: usize,
    /// The first thing wrong with its form; its cells are not to be trusted then.
    pub(in crate::rows) flaw: Option<Flaw>,
    /// How a cell reads in another encoding, where that is what is wrong; not shown where cells must not be.
    pub(in crate::rows) reads: Option<String>,
    /// Where its own bytes begin in the reader's trail.
    pub(in crate::rows) trail: usize,
    /// The line of the file on which it starts, from 1.
    pub(in crate::rows) line: usize,
    /// Its number as a spreadsheet counts, from 1.
    pub(in crate::rows) number: u64,
}

/// Where a cell stands inside its record: what is between its quotes, if it has any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) struct Cell {
    pub(in crate::rows) start: usize,
    pub(in crate::rows) end: usize,
    pub(in crate::rows) quoted: bool,
    pub(in crate::rows) doubled: bool,
}

impl Cell {
    /// The cell with its quotes.
    pub(in crate::rows) fn span(self) -> Span {
        let quote = usize::from(self.quoted);
        Span::new(self.start - quote, self.end + quote)
    }

    /// The cell's text, doubled quotes taken as one.
    pub(in crate::rows) fn text(self, record: &str) -> Cow<'_, str> {
        let inner = record.get(self.start..self.end).unwrap_or_default();
        if self.doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) }
    }
}

impl Record {
    /// Adds empty cells behind the last, up to `width`.
    pub(in crate::rows) fn pad(&mut self, width: usize) {
        let end = Cell { start: self.text.len(), end: self.text.len(), quoted: false, doubled: false };
        self.cells.resize(self.cells.len().max(width), end);
    }

    /// The text of a cell.
    pub(in crate::rows) fn cell(&self, index: usize) -> Option<Cow<'_, str>> {
        let cell = self.cells.get(index)?;
        match self.kinds.get(index) {
            Some(Kind::Null | Kind::Absent) => Some(Cow::Borrowed("")),
            Some(Kind::Text) if cell.doubled => token(self, index).map(|token| Cow::Owned(unescaped(token))),
            _ => Some(cell.text(&self.text)),
        }
    }

    /// The record's own bytes, up to the cell at `columns`, which is the first that is ours.
    pub(in crate::rows) fn raw(&self, columns: usize) -> Bytes {
        let whole = || self.bytes.clone().unwrap_or_else(|| Bytes::copy_from_slice(self.text.as_bytes()));
        if !self.kinds.is_empty() {
            return one_line(self.ours.map_or_else(whole, |ours| self.without(ours)));
        }
        if self.flaw.is_some() {
            return whole();
        }
        let end = match self.cells.get(columns) {
            Some(cell) if columns == 0 => cell.span().start,
            Some(cell) => cell.span().start - 1,
            None => return whole(),
        };
        match &self.bytes {
            None => Bytes::copy_from_slice(&self.text.as_bytes()[..end]),
            Some(bytes) => bytes.slice(..self.encoding.length_of(bytes, end)),
        }
    }

    /// Its own bytes without a part of its text.
    fn without(&self, part: Span) -> Bytes {
        let (bytes, start, end) = match &self.bytes {
            None => (self.text.as_bytes(), part.start, part.end),
            Some(bytes) => {
                let place = |at| self.encoding.length_of(bytes, at);
                (&bytes[..], place(part.start), place(part.end))
            }
        };
        [&bytes[..start], &bytes[end..]].concat().into()
    }

    /// Whether no cell of the first `columns` holds anything but spaces.
    pub(in crate::rows) fn is_blank(&self, columns: usize) -> bool {
        let blank = |index| self.cell(index).is_none_or(|text| text.trim().is_empty());
        (0..self.cells.len().min(columns)).all(blank)
    }
}

/// A row of an array may stand on several lines, and goes into one.
fn one_line(bytes: Bytes) -> Bytes {
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains('\n') => minified(text).into(),
        _ => bytes,
    }
}

/// How records of a file are read again from their text.
pub(in crate::rows) enum Layout {
    /// Cells between delimiters.
    Cells(char),
    /// Members of an object, by the columns' heads.
    Members(Vec<String>),
}

impl Layout {
    /// A record that was read before, from its text and its place.
    pub(in crate::rows) fn again(&self, text: &str, line: usize, number: u64) -> Record {
        match self {
            Self::Members(heads) => json::again(text, heads, line, number),
            Self::Cells(delimiter) => {
                Record { cells: split(text, *delimiter), text: text.to_owned(), line, number, ..Record::default() }
            }
        }
    }
}

/// Where the cells of a well-formed record stand.
fn split(text: &str, delimiter: char) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut start = 0;
    loop {
        let cell = cell_at(text, start, delimiter);
        cells.push(cell);
        let end = cell.span().end;
        if !text[end.min(text.len())..].starts_with(delimiter) {
            return cells;
        }
        start = end + delimiter.len_utf8();
    }
}

fn cell_at(text: &str, start: usize, delimiter: char) -> Cell {
    if !text[start..].starts_with('"') {
        let end = text[start..].find(delimiter).map_or(text.len(), |at| start + at);
        return Cell { start, end, quoted: false, doubled: false };
    }
    let mut cell = Cell { start: start + 1, end: start + 1, quoted: true, doubled: false };
    loop {
        cell.end += text[cell.end..].find('"').unwrap_or(text.len() - cell.end);
        if !text[cell.end..].starts_with("\"\"") {
            return cell;
        }
        cell.doubled = true;
        cell.end += 2;
    }
}

/// What is wrong with a record's form, where, and what to do. Reading goes on behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rows) struct Flaw {
    pub(in crate::rows) message: String,
    pub(in crate::rows) help: String,
    pub(in crate::rows) span: Span,
}

/// Why reading ended.
#[derive(Debug)]
pub(in crate::rows) struct ReadError {
    pub(in crate::rows) code: &'static str,
    pub(in crate::rows) message: String,
    pub(in crate::rows) help: Option<String>,
    /// The line of the file, its text and the part in question, where there is one.
    pub(in crate::rows) spot: Option<(usize, String, Span)>,
}

impl ReadError {
    /// The same without texts of cells in its help.
    pub(in crate::rows) fn veiled(mut self) -> Self {
        self.help = self.help.map(|help| without_readings(&help));
        self
    }

    /// The same without the text of its line.
    pub(in crate::rows) fn masked(self) -> Self {
        let mut this = self.veiled();
        if let Some((_, text, span)) = &mut this.spot {
            *text = "***".to_owned();
            *span = Span::new(0, text.len());
        }
        this
    }
}
