//! What is wrong with one record, and what ends the reading of a file.

use std::io;

use crate::diagnostic::{Diagnostic, Place, Span};

/// The longest record: a quote that is never closed must not swallow the memory.
pub(in crate::rows) const LONGEST_RECORD: usize = 16 << 20;
/// The most columns, as many as a spreadsheet has.
pub(in crate::rows) const MOST_COLUMNS: usize = 16_384;
/// How much of an endless line is shown.
const SHOWN: usize = 2_000;
/// How the line of an encoding begins, and what stands ahead of its reading.
pub(in crate::rows) const LINE: &str = "\n  encoding: ";
pub(in crate::rows) const READS: &str = "  # ";

/// What is wrong with a record's form, where, and what to do. Reading goes on behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rows) struct RecordProblem {
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
    pub(in crate::rows) fn without_cells(mut self) -> Self {
        self.help = self.help.map(|help| without_cell_texts(&help));
        self
    }

    /// The same without the text of its line.
    pub(in crate::rows) fn masked(self) -> Self {
        let mut this = self.without_cells();
        if let Some((_, text, span)) = &mut this.spot {
            *text = "***".to_owned();
            *span = Span::new(0, text.len());
        }
        this
    }

    /// The message about a file; `masked` where no cell of it may be shown.
    pub(in crate::rows) fn diagnostic(self, file: &str, masked: bool) -> Diagnostic {
        let error = if masked { self.without_cells() } else { self };
        let diagnostic = Diagnostic::error(error.code, error.message);
        let diagnostic = match &error.help {
            Some(help) => diagnostic.help_in_lines(help),
            None => diagnostic,
        };
        let place = match error.spot {
            Some((line, text, span)) if masked => {
                let column = Place::in_line(file, line, &text, span).column;
                Place { column, ..Place::in_line(file, line, "***", Span::new(0, 3)) }
            }
            Some((line, text, span)) => Place::in_line(file, line, &text, span),
            None => Place::in_line(file, 1, "", Span::new(0, 0)),
        };
        diagnostic.at(place, "")
    }
}

pub(in crate::rows) fn unreadable(error: &io::Error) -> ReadError {
    ReadError { code: "unreadable-file", message: format!("Reading stopped: {error}"), help: None, spot: None }
}

pub(in crate::rows) fn other_format(message: &str, help: &str) -> ReadError {
    ReadError { code: "bad-encoding", message: message.to_owned(), help: Some(help.to_owned()), spot: None }
}

pub(in crate::rows) fn too_long(record: &[u8], opened: usize, line: usize) -> ReadError {
    let message = format!("The row is longer than {} MiB", LONGEST_RECORD >> 20);
    let help = "Look for a quote that is never closed; what is really that long does not fit a request";
    at_quote(message, help, record, opened, line)
}

pub(in crate::rows) fn at_quote(message: String, help: &str, record: &[u8], opened: usize, line: usize) -> ReadError {
    let (lines, text, span) = line_at(record, Span::new(opened, opened + 1));
    ReadError { code: "bad-row", message, help: Some(help.to_owned()), spot: Some((line + lines, text, span)) }
}

/// Which line inside the record a span starts on, that line's text, and the span inside it.
pub(in crate::rows) fn line_at(record: &[u8], span: Span) -> (usize, String, Span) {
    let before = &record[..span.start.min(record.len())];
    let from = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    let rest = &record[from..];
    let to = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    let to = to.min(span.end - from + SHOWN);
    let text = String::from_utf8_lossy(&rest[..to.min(rest.len())]).into_owned();
    let start = String::from_utf8_lossy(&record[from..before.len()]).len();
    (lines, text, Span::new(start, start + span.end - span.start))
}

/// A help without the readings that it shows, for files whose cells must not be shown.
pub(in crate::rows) fn without_cell_texts(help: &str) -> String {
    let veil = |line: &str| match line.split_once(READS) {
        Some((ahead, _)) if line.starts_with(LINE.trim_start_matches('\n')) => format!("{ahead}{READS}***"),
        Some(_) | None => line.to_owned(),
    };
    help.split('\n').map(veil).collect::<Vec<_>>().join("\n")
}
