//! What is wrong with one record, and errors that end the reading of a file.

use std::io;

use crate::diagnostic::{Diagnostic, Place, Span};

/// The longest record in bytes. It bounds memory when a quote is never closed.
pub(in crate::rows) const LONGEST_RECORD: usize = 16 << 20;
/// The most columns, as many as a spreadsheet has.
pub(in crate::rows) const MOST_COLUMNS: usize = 16_384;
/// The most bytes of a line that a message shows behind the problem.
const SHOWN: usize = 2_000;
/// The start of a help's line that offers an encoding, and the separator ahead of what the cell reads in it.
pub(in crate::rows) const ENCODING_LINE: &str = "\n  encoding: ";
pub(in crate::rows) const READING_MARK: &str = "  # ";

/// What is wrong with the form of one record, where, and the cure. Reading continues with the next record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rows) struct RecordProblem {
    pub(in crate::rows) message: String,
    pub(in crate::rows) help: String,
    pub(in crate::rows) span: Span,
}

/// An error that ends the reading of a file.
#[derive(Debug)]
pub(in crate::rows) struct ReadError {
    pub(in crate::rows) code: &'static str,
    pub(in crate::rows) message: String,
    pub(in crate::rows) help: Option<String>,
    /// The line number, the line's text and the byte range in question.
    pub(in crate::rows) place: Option<(usize, String, Span)>,
}

impl ReadError {
    /// An error about the file as a whole.
    pub(in crate::rows) fn new(code: &'static str, message: &str, help: &str) -> Self {
        Self { code, message: message.to_owned(), help: Some(help.to_owned()), place: None }
    }

    /// The file cannot be read.
    pub(in crate::rows) fn unreadable(error: &io::Error) -> Self {
        Self { code: "unreadable-file", message: format!("Reading stopped: {error}"), help: None, place: None }
    }

    /// A record is longer than allowed. `opened` is where its last cell starts, `line` the line on which it starts.
    pub(in crate::rows) fn too_long(record: &[u8], opened: usize, line: usize) -> Self {
        let message = format!("The row is longer than {} MiB", LONGEST_RECORD >> 20);
        let help = "Look for a quote that is never closed; what is really that long does not fit a request";
        Self::at_byte(message, help, record, opened, line)
    }

    /// An error at one byte of a record that starts on `line`.
    pub(in crate::rows) fn at_byte(message: String, help: &str, record: &[u8], at: usize, line: usize) -> Self {
        let (lines, text, span) = line_at(record, Span::new(at, at + 1));
        Self { code: "bad-row", message, help: Some(help.to_owned()), place: Some((line + lines, text, span)) }
    }

    /// Removes the texts of cells from its help.
    pub(in crate::rows) fn without_cells(mut self) -> Self {
        self.help = self.help.map(|help| without_cell_texts(&help));
        self
    }

    /// Removes the texts of cells from its help and its line.
    pub(in crate::rows) fn masked(self) -> Self {
        let mut this = self.without_cells();
        if let Some((_, text, span)) = &mut this.place {
            *text = "***".to_owned();
            *span = Span::new(0, text.len());
        }
        this
    }

    /// The diagnostic for the file; `masked` hides every cell's text.
    pub(in crate::rows) fn diagnostic(self, file: &str, masked: bool) -> Diagnostic {
        let error = if masked { self.without_cells() } else { self };
        let diagnostic = Diagnostic::error(error.code, error.message);
        let diagnostic = match &error.help {
            Some(help) => diagnostic.help_in_lines(help),
            None => diagnostic,
        };
        let place = match error.place {
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

/// The line of a record on which a span starts (counted from 0), that line's text, and the span within it.
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

/// A help whose offered encodings no longer show what the cell reads in each.
fn without_cell_texts(help: &str) -> String {
    let mask = |line: &str| match line.split_once(READING_MARK) {
        Some((ahead, _)) if line.starts_with(ENCODING_LINE.trim_start_matches('\n')) => {
            format!("{ahead}{READING_MARK}***")
        }
        Some(_) | None => line.to_owned(),
    };
    help.split('\n').map(mask).collect::<Vec<_>>().join("\n")
}
