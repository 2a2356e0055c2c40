//! What can be wrong with a file's form, in words: what ends the reading, and what spoils one record.

use std::io;

use crate::diagnostic::Span;
use crate::model::TextEncoding;
use crate::rows::formats::csv::{LONGEST_RECORD, MOST_COLUMNS};
use crate::rows::formats::encoding::readings;
use crate::rows::record::{Flaw, ReadError, Record};

/// How many encodings are shown that a cell may be in.
const READINGS: usize = 3;
/// How much of an endless line is shown.
const SHOWN: usize = 2_000;

pub(in crate::rows) fn unreadable(error: &io::Error) -> ReadError {
    ReadError { code: "unreadable-file", message: format!("Reading stopped: {error}"), help: None, spot: None }
}

pub(in crate::rows) fn empty_file() -> ReadError {
    let help = "The first line names the columns, each further line is a row";
    ReadError {
        code: "bad-header",
        message: "The file is empty".to_owned(),
        help: Some(help.to_owned()),
        spot: Some((1, String::new(), Span::new(0, 0))),
    }
}

pub(in crate::rows) fn other_format(message: &str, help: &str) -> ReadError {
    ReadError { code: "bad-encoding", message: message.to_owned(), help: Some(help.to_owned()), spot: None }
}

pub(in crate::rows) fn bad_header(record: &Record, flaw: &Flaw) -> ReadError {
    let (lines, text, span) = line_at(record.text.as_bytes(), flaw.span);
    ReadError {
        code: "bad-header",
        message: flaw.message.clone(),
        help: Some(flaw.help.clone()),
        spot: Some((record.line + lines, text, span)),
    }
}

/// The line `sep=;` ahead of a header.
pub(in crate::rows) fn instruction(line: &[u8], number: usize) -> ReadError {
    let text = String::from_utf8_lossy(line).trim_end().to_owned();
    let help = "Delete the line; the delimiter is detected in the header, or set `delimiter:`";
    ReadError {
        code: "bad-header",
        message: format!("`{text}` tells a spreadsheet what stands between cells, and is no header"),
        help: Some(help.to_owned()),
        spot: Some((number, text.clone(), Span::new(0, text.len()))),
    }
}

pub(in crate::rows) fn too_many_columns(line: usize) -> ReadError {
    ReadError {
        code: "bad-row",
        message: format!("The row on line {line} has more than {MOST_COLUMNS} cells"),
        help: Some("Check the file's delimiter and look for a quote that is never closed".to_owned()),
        spot: None,
    }
}

pub(in crate::rows) fn unclosed(record: &[u8], opened: usize, line: usize) -> ReadError {
    let help = "Close the cell with a quote; a quote inside a quoted cell is written twice (`\"\"`)";
    at_quote("The quote that opens here is never closed".to_owned(), help, record, opened, line)
}

pub(in crate::rows) fn too_long(record: &[u8], opened: usize, line: usize) -> ReadError {
    let message = format!("The row is longer than {} MiB", LONGEST_RECORD >> 20);
    let help = "Look for a quote that is never closed; what is really that long does not fit a request";
    at_quote(message, help, record, opened, line)
}

fn at_quote(message: String, help: &str, record: &[u8], opened: usize, line: usize) -> ReadError {
    let (lines, text, span) = line_at(record, Span::new(opened, opened + 1));
    ReadError { code: "bad-row", message, help: Some(help.to_owned()), spot: Some((line + lines, text, span)) }
}

/// Which line inside the record a span starts on, that line's text, and the span inside it.
fn line_at(record: &[u8], span: Span) -> (usize, String, Span) {
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

fn flaw(message: String, help: &str, span: Span) -> Flaw {
    Flaw { message, help: help.to_owned(), span }
}

pub(in crate::rows) fn after_quote(span: Span) -> Flaw {
    let help = "Write a quote inside a quoted cell twice (`\"\"`), or take the quotes around the cell away";
    flaw("Text follows the quote that closes the cell".to_owned(), help, span)
}

pub(in crate::rows) fn space_before_quote(span: Span) -> Flaw {
    let help = "Take the spaces before the quote away; where the spaces and the quotes are meant, quote the whole cell \
                and write its quotes twice";
    flaw("A space stands before the quote that opens the cell".to_owned(), help, span)
}

pub(in crate::rows) fn lone_return(span: Span) -> Flaw {
    let help = "Quote the cell, or take the carriage return (`\\r`) away";
    flaw("A carriage return without a line feed stands inside the cell".to_owned(), help, span)
}

pub(in crate::rows) fn nul(span: Span) -> Flaw {
    flaw("A NUL byte stands in the row".to_owned(), "Save the file as CSV in UTF-8 again, or take the NUL away", span)
}

pub(in crate::rows) fn mark_inside(span: Span) -> Flaw {
    let help = "Two files may have been joined: take the mark (bytes EF BB BF in UTF-8) away, and any second header";
    flaw("A byte-order mark stands in the middle of the file".to_owned(), help, span)
}

pub(in crate::rows) fn not_text(encoding: TextEncoding, bytes: &[u8], span: Span) -> Flaw {
    let shown: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02X}")).collect();
    let what = match bytes {
        [_] => format!("The byte {} is", shown.join(" ")),
        [] => "The file ends inside a character: this is".to_owned(),
        _ => format!("The bytes {} are", shown.join(" ")),
    };
    let help = "Correct the cell and save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\"); where the whole file is \
                in another encoding, name it with `encoding:`";
    flaw(format!("{what} not {}", encoding.name()), help, span)
}

/// How a cell that is no text in its file's encoding reads in others.
pub(in crate::rows) fn reads_otherwise(encoding: TextEncoding, piece: &[u8]) -> Option<String> {
    let read: Vec<String> = readings(piece)
        .into_iter()
        .filter(|(one, _)| *one != encoding)
        .take(READINGS)
        .map(|(one, text)| format!("`{text}` with `encoding: {}`", one.as_str()))
        .collect();
    (!read.is_empty()).then(|| format!("It reads {}", read.join(", ")))
}

/// A cell of UTF-8 in a file of another encoding.
pub(in crate::rows) fn foreign_utf8(encoding: TextEncoding, span: Span) -> Flaw {
    let help = "Two files may have been joined, or a program wrote into it: save that part in the file's own encoding, \
                or the whole file as UTF-8";
    flaw(format!("A cell is written in UTF-8, and the file is {}", encoding.name()), help, span)
}

pub(in crate::rows) fn utf32() -> ReadError {
    other_format("The file is UTF-32", "Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")
}

pub(in crate::rows) fn other_mark(declared: TextEncoding, mark: TextEncoding) -> ReadError {
    let message = format!("The playbook says `encoding: {}`, and the file opens as {}", declared.as_str(), mark.name());
    other_format(&message, &format!("Take `encoding` out of the playbook, or write `encoding: {}`", mark.as_str()))
}
