//! The messages about malformed JSON rows.

use super::scan::JsonError;
use crate::diagnostic::{Span, near_miss};
use crate::rows::record::{ReadError, RecordProblem};
use crate::yaml::{did_you_mean_key, yaml_text};

/// The most bytes of a line that an error shows.
const SHOWN: usize = 400;

pub(super) fn not_an_object(wrong: JsonError) -> RecordProblem {
    let help = "Write the row as one JSON object, each name once and in double quotes";
    RecordProblem { message: wrong.message, help: help.to_owned(), span: wrong.span }
}

pub(super) fn unknown_member(key: &str, span: Span, heads: &[String]) -> RecordProblem {
    let message = format!("The member `{key}` is neither declared nor one of the first row's");
    let named = yaml_text(key);
    let help = match near_miss(key, heads.iter().map(String::as_str)) {
        Some(near) => {
            format!("{} Else declare it under `columns`: `{named}: {{ optional: true }}`", did_you_mean_key(key, near))
        }
        None => format!("Declare it under `columns`, such as `{named}: {{ optional: true }}`, or delete it"),
    };
    RecordProblem { message, help, span }
}

pub(super) fn bad_first(problem: &RecordProblem, text: &str, line: usize) -> ReadError {
    ReadError {
        code: "bad-header",
        message: format!("The first row names the columns, and it cannot be read: {}", problem.message),
        help: Some(problem.help.clone()),
        place: Some(place(text, problem.span, line)),
    }
}

pub(super) fn no_rows() -> ReadError {
    ReadError {
        code: "bad-header",
        message: "The file holds no rows".to_owned(),
        help: Some("Write each row as a JSON object; the first row's members name the columns".to_owned()),
        place: Some((1, String::new(), Span::new(0, 0))),
    }
}

pub(super) fn too_many_members(line: usize, most: usize) -> ReadError {
    ReadError {
        code: "bad-row",
        message: format!("The first row, on line {line}, has more than {most} members"),
        help: Some("Put what belongs together into one member of type `json`".to_owned()),
        place: None,
    }
}

/// An array that is malformed between its elements.
pub(super) fn bad_array(message: &str, rest: &[u8], line: usize) -> ReadError {
    let text = String::from_utf8_lossy(&rest[..rest.len().min(SHOWN)]);
    let text = text.lines().next().unwrap_or_default().to_owned();
    let end = text.chars().next().map_or(0, char::len_utf8);
    ReadError {
        code: "bad-row",
        message: message.to_owned(),
        help: Some("Write the file as one JSON array, `[{…}, {…}]`, or as JSON Lines: one object a line".to_owned()),
        place: Some((line, text, Span::new(0, end))),
    }
}

/// The line of a text on which a span starts.
fn place(text: &str, span: Span, line: usize) -> (usize, String, Span) {
    let start = span.start.min(text.len());
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[from..].find('\n').map_or(text.len(), |at| from + at);
    let lines = text[..start].matches('\n').count();
    (line + lines, text[from..to].to_owned(), Span::new(start - from, span.end.clamp(start, to) - from))
}
