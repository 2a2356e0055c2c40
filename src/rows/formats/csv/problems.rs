//! The messages about malformed CSV.

use crate::diagnostic::Span;
use crate::rows::record::{MOST_COLUMNS, ReadError, Record, RecordProblem, line_at};

pub(super) fn empty_file() -> ReadError {
    let help = "The first line names the columns, each further line is a row";
    ReadError {
        code: "bad-header",
        message: "The file is empty".to_owned(),
        help: Some(help.to_owned()),
        place: Some((1, String::new(), Span::new(0, 0))),
    }
}

pub(super) fn bad_header(record: &Record, problem: &RecordProblem) -> ReadError {
    let (lines, text, span) = line_at(record.text.as_bytes(), problem.span);
    ReadError {
        code: "bad-header",
        message: problem.message.clone(),
        help: Some(problem.help.clone()),
        place: Some((record.line + lines, text, span)),
    }
}

/// The line `sep=;` ahead of a header, which only spreadsheets understand.
pub(super) fn instruction(line: &[u8], number: usize) -> ReadError {
    let text = String::from_utf8_lossy(line).trim_end().to_owned();
    let help = "Delete the line; the delimiter is detected in the header, or set `delimiter:`";
    ReadError {
        code: "bad-header",
        message: format!("`{text}` tells a spreadsheet which delimiter to use; it is not a header"),
        help: Some(help.to_owned()),
        place: Some((number, text.clone(), Span::new(0, text.len()))),
    }
}

pub(super) fn too_many_columns(line: usize) -> ReadError {
    ReadError {
        code: "bad-row",
        message: format!("The row on line {line} has more than {MOST_COLUMNS} cells"),
        help: Some("Check the file's delimiter and look for a quote that is never closed".to_owned()),
        place: None,
    }
}

pub(super) fn unclosed(record: &[u8], opened: usize, line: usize) -> ReadError {
    let help = "Close the cell with a quote; a quote inside a quoted cell is written twice (`\"\"`)";
    ReadError::at_byte("The quote that opens here is never closed".to_owned(), help, record, opened, line)
}

fn problem(message: String, help: &str, span: Span) -> RecordProblem {
    RecordProblem { message, help: help.to_owned(), span }
}

pub(super) fn after_quote(span: Span) -> RecordProblem {
    let help = "Write a quote inside a quoted cell twice (`\"\"`), or take the quotes around the cell away";
    problem("Text follows the quote that closes the cell".to_owned(), help, span)
}

pub(super) fn space_before_quote(span: Span) -> RecordProblem {
    let help = "Take the spaces before the quote away; where the spaces and the quotes are meant, quote the whole cell \
                and write its quotes twice";
    problem("A space stands before the quote that opens the cell".to_owned(), help, span)
}

pub(super) fn lone_return(span: Span) -> RecordProblem {
    let help = "Quote the cell, or take the carriage return (`\\r`) away";
    problem("A carriage return without a line feed stands inside the cell".to_owned(), help, span)
}
