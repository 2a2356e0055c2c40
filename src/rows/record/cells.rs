//! One record as a reader returns it: its text, where its cells are, and what is wrong with its form.

use std::borrow::Cow;

use bytes::Bytes;

use super::problem::RecordProblem;
use crate::diagnostic::Span;
use crate::model::TextEncoding;

/// The kind of a JSON member's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) enum MemberKind {
    /// The row has no such member.
    Absent,
    /// `null`
    Null,
    /// A string.
    Text,
    /// A number, `true` or `false`.
    Plain,
    /// An array.
    List,
    /// An object.
    Map,
}

/// One record. The same value is reused for the next one.
#[derive(Debug, Default)]
pub(in crate::rows) struct Record {
    /// Its text without the line end. Bytes that cannot be decoded stand as U+FFFD.
    pub(in crate::rows) text: String,
    /// Its bytes as the file has them; `None` where they are the text's own UTF-8.
    pub(in crate::rows) bytes: Option<Bytes>,
    /// The encoding of `bytes`.
    pub(in crate::rows) encoding: TextEncoding,
    /// Where its cells are in `text`.
    pub(in crate::rows) cells: Vec<CellSpan>,
    /// The kind of each cell's value in JSON; empty for other formats.
    pub(in crate::rows) kinds: Vec<MemberKind>,
    /// In JSON, the part of the text that holds result columns of a run.
    pub(in crate::rows) result_span: Option<Span>,
    /// Characters before it on its first line (elements of a JSON array).
    pub(in crate::rows) indent: usize,
    /// The first thing wrong with its form. If set, `cells` must not be used.
    pub(in crate::rows) problem: Option<RecordProblem>,
    /// How the broken cell reads in another encoding, for the message. Hidden where cells are masked.
    pub(in crate::rows) other_reading: Option<String>,
    /// Where its bytes begin among those that `RecordReader::take_source` returns next.
    pub(in crate::rows) source_offset: usize,
    /// The line of the file on which it starts, from 1.
    pub(in crate::rows) line: usize,
    /// Its row number as a spreadsheet counts, from 1.
    pub(in crate::rows) number: u64,
}

/// Byte range of a cell in its record's text, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) struct CellSpan {
    pub(in crate::rows) start: usize,
    pub(in crate::rows) end: usize,
    /// Whether it is between quotes.
    pub(in crate::rows) quoted: bool,
    /// Whether its text holds doubled quotes (CSV) or escapes (JSON).
    pub(in crate::rows) escaped: bool,
}

impl CellSpan {
    /// A cell without quotes.
    pub(in crate::rows) fn plain(start: usize, end: usize) -> Self {
        Self { start, end, quoted: false, escaped: false }
    }

    /// The range including its quotes.
    pub(in crate::rows) fn span(self) -> Span {
        let quote = usize::from(self.quoted);
        Span::new(self.start - quote, self.end + quote)
    }

    /// The cell's text, with doubled quotes reduced to one.
    pub(in crate::rows) fn text(self, record: &str) -> Cow<'_, str> {
        let inner = record.get(self.start..self.end).unwrap_or_default();
        if self.escaped { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) }
    }
}

impl Record {
    /// Adds empty cells at the end until there are `width`.
    pub(in crate::rows) fn pad(&mut self, width: usize) {
        let end = CellSpan::plain(self.text.len(), self.text.len());
        self.cells.resize(self.cells.len().max(width), end);
    }

    /// The text of the cell at `index`: unquoted and unescaped, `""` for a null or absent member.
    pub(in crate::rows) fn cell(&self, index: usize) -> Option<Cow<'_, str>> {
        let cell = self.cells.get(index)?;
        match self.kinds.get(index) {
            Some(MemberKind::Null | MemberKind::Absent) => Some(Cow::Borrowed("")),
            Some(MemberKind::Text) if cell.escaped => self.token(index).map(|token| Cow::Owned(unescaped(token))),
            _ => Some(cell.text(&self.text)),
        }
    }

    /// A JSON member's value as written, a string with its quotes; `None` where it is null or absent.
    pub(in crate::rows) fn token(&self, index: usize) -> Option<&str> {
        let (cell, kind) = (self.cells.get(index)?, self.kinds.get(index)?);
        let Span { start, end } = cell.span();
        (!matches!(kind, MemberKind::Null | MemberKind::Absent)).then(|| self.text.get(start..end)).flatten()
    }

    /// The record's own bytes without result columns; in CSV these start at the cell `columns`.
    pub(in crate::rows) fn raw(&self, columns: usize) -> Bytes {
        let whole = || self.bytes.clone().unwrap_or_else(|| Bytes::copy_from_slice(self.text.as_bytes()));
        if !self.kinds.is_empty() {
            return one_line(self.result_span.map_or_else(whole, |results| self.without(results)));
        }
        if self.problem.is_some() {
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

    /// Its own bytes without one part of its text.
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

    /// Whether the first `columns` cells hold nothing but blanks.
    pub(in crate::rows) fn is_blank(&self, columns: usize) -> bool {
        let blank = |index| self.cell(index).is_none_or(|text| text.trim().is_empty());
        (0..self.cells.len().min(columns)).all(blank)
    }
}

/// A JSON row on one line. An element of an array may span several; row files hold one row a line.
fn one_line(bytes: Bytes) -> Bytes {
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains('\n') => minified(text).into(),
        _ => bytes,
    }
}

/// A JSON text without the whitespace between its tokens.
fn minified(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        if inside {
            inside = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if matches!(c, ' ' | '\t' | '\n' | '\r') {
            continue;
        } else {
            inside = c == '"';
        }
        // Only a malformed text has a line break inside a string.
        out.push(if matches!(c, '\n' | '\r') { ' ' } else { c });
    }
    out
}

/// The value of a JSON string token, which includes its quotes.
pub(in crate::rows) fn unescaped(token: &str) -> String {
    serde_json::from_str(token).unwrap_or_default()
}
