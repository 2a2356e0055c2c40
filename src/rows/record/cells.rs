//! One record as a reader hands it on: its own text, where its cells stand, and what is wrong with its form.

use std::borrow::Cow;

use bytes::Bytes;

use super::problem::RecordProblem;
use crate::diagnostic::Span;
use crate::model::TextEncoding;

/// What kind of value a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) enum MemberKind {
    /// No such member.
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
    pub(in crate::rows) cells: Vec<CellSpan>,
    /// What kind of value each cell is, where the file has kinds.
    pub(in crate::rows) kinds: Vec<MemberKind>,
    /// The part of the text that is ours, where it is not what stands behind a cell.
    pub(in crate::rows) ours: Option<Span>,
    /// How many characters stand before it on its line.
    pub(in crate::rows) indent: usize,
    /// The first thing wrong with its form; its cells are not to be trusted then.
    pub(in crate::rows) problem: Option<RecordProblem>,
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
pub(in crate::rows) struct CellSpan {
    pub(in crate::rows) start: usize,
    pub(in crate::rows) end: usize,
    pub(in crate::rows) quoted: bool,
    pub(in crate::rows) doubled: bool,
}

impl CellSpan {
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
        let end = CellSpan { start: self.text.len(), end: self.text.len(), quoted: false, doubled: false };
        self.cells.resize(self.cells.len().max(width), end);
    }

    /// The text of a cell.
    pub(in crate::rows) fn cell(&self, index: usize) -> Option<Cow<'_, str>> {
        let cell = self.cells.get(index)?;
        match self.kinds.get(index) {
            Some(MemberKind::Null | MemberKind::Absent) => Some(Cow::Borrowed("")),
            Some(MemberKind::Text) if cell.doubled => self.token(index).map(|token| Cow::Owned(unescaped(token))),
            _ => Some(cell.text(&self.text)),
        }
    }

    /// A member's value as it stands in the text, a string with its quotes; none where it is absent.
    pub(in crate::rows) fn token(&self, index: usize) -> Option<&str> {
        let (cell, kind) = (self.cells.get(index)?, self.kinds.get(index)?);
        let Span { start, end } = cell.span();
        (!matches!(kind, MemberKind::Null | MemberKind::Absent)).then(|| self.text.get(start..end)).flatten()
    }

    /// The record's own bytes, up to the cell at `columns`, which is the first that is ours.
    pub(in crate::rows) fn raw(&self, columns: usize) -> Bytes {
        let whole = || self.bytes.clone().unwrap_or_else(|| Bytes::copy_from_slice(self.text.as_bytes()));
        if !self.kinds.is_empty() {
            return one_line(self.ours.map_or_else(whole, |ours| self.without(ours)));
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

/// A JSON text in one line: without the spaces between its parts. What is in strings stays.
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
        // Only a broken text has a line break inside a string.
        out.push(if matches!(c, '\n' | '\r') { ' ' } else { c });
    }
    out
}

/// What a string token, with its quotes, says.
pub(in crate::rows) fn unescaped(token: &str) -> String {
    serde_json::from_str(token).unwrap_or_default()
}
