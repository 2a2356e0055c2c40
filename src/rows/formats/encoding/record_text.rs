//! Fills a record with its text and bytes from the window, and reports bytes that cannot be decoded.

use std::io::Read;

use bytes::Bytes;

use super::ambiguity::{is_foreign_utf8, pieces};
use super::detection::readings;
use super::window::TextWindow;
use crate::diagnostic::Span;
use crate::model::TextEncoding;
use crate::rows::record::{Record, RecordProblem};

/// The character of a byte-order mark.
const MARK: char = '\u{feff}';
/// The most encodings shown for an undecodable cell.
const READINGS: usize = 3;

/// Sets the record's text from the first `length` bytes of the window. Undecodable bytes, a NUL and a misplaced
/// byte-order mark are problems.
pub(in crate::rows::formats) fn set_text<R: Read>(record: &mut Record, window: &TextWindow<R>, length: usize) {
    let bytes = &window.bytes()[..length];
    record.text.clear();
    record.other_reading = None;
    record.source_offset = window.source_length();
    record.encoding = window.encoding();
    record.bytes = window.raw(length).map(Bytes::copy_from_slice);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            record.text.push_str(text);
            if let Some((at, bad)) = window.bad(length) {
                let span = Span::new(at, at + MARK.len_utf8());
                let own = record.bytes.as_deref().unwrap_or_default();
                let (_, piece) = pieces(own).find(|(_, piece)| !record.encoding.reads(piece)).unwrap_or_default();
                record.other_reading =
                    window.reads_otherwise().then(|| reads_otherwise(record.encoding, piece)).flatten();
                record.problem = Some(not_text(record.encoding, bad, span));
            } else if let Some((problem, read)) = foreign(record, text) {
                (record.problem, record.other_reading) = (Some(problem), Some(read));
            } else if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
                record.problem = Some(nul(Span::new(at, at + 1)));
            } else if text.starts_with(MARK) {
                record.problem = Some(mark_inside(Span::new(0, MARK.len_utf8())));
            }
        }
        Err(error) => {
            let at = error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| at + length);
            let span = Span::new(at, at + MARK.len_utf8());
            let (_, piece) = pieces(bytes).find(|(_, piece)| std::str::from_utf8(piece).is_err()).unwrap_or_default();
            record.other_reading =
                window.reads_otherwise().then(|| reads_otherwise(TextEncoding::Utf8, piece)).flatten();
            record.problem = Some(not_text(TextEncoding::Utf8, &bytes[at..end], span));
            record.text.push_str(&String::from_utf8_lossy(bytes));
            record.bytes = Some(Bytes::copy_from_slice(bytes));
        }
    }
}

/// A cell of UTF-8 in a record of another multi-byte encoding, and its text. It would be read as something else.
fn foreign(record: &Record, text: &str) -> Option<(RecordProblem, String)> {
    let own = record.bytes.as_deref().filter(|_| !record.encoding.is_single() && !record.encoding.is_wide())?;
    let (_, piece) = pieces(own).find(|(_, piece)| is_foreign_utf8(piece))?;
    let read = record.encoding.decode(piece);
    let at = text.find(read.as_ref()).unwrap_or_default();
    let problem = foreign_utf8(record.encoding, Span::new(at, at + read.len()));
    Some((problem, format!("In UTF-8 it reads `{}`", std::str::from_utf8(piece).ok()?)))
}

fn problem(message: String, help: &str, span: Span) -> RecordProblem {
    RecordProblem { message, help: help.to_owned(), span }
}

fn nul(span: Span) -> RecordProblem {
    problem("The row holds a NUL byte".to_owned(), "Save the file as CSV in UTF-8 again, or delete the NUL", span)
}

fn mark_inside(span: Span) -> RecordProblem {
    let help = "Two files may have been joined: take the mark (bytes EF BB BF in UTF-8) away, and any second header";
    problem("There is a byte-order mark in the middle of the file".to_owned(), help, span)
}

fn not_text(encoding: TextEncoding, bytes: &[u8], span: Span) -> RecordProblem {
    let shown: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02X}")).collect();
    let what = match bytes {
        [_] => format!("The byte {} is", shown.join(" ")),
        [] => "The file ends inside a character: this is".to_owned(),
        _ => format!("The bytes {} are", shown.join(" ")),
    };
    let help = "Correct the cell and save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\"); where the whole file is \
                in another encoding, name it with `encoding:`";
    problem(format!("{what} not {}", encoding.name()), help, span)
}

/// How an undecodable cell reads in other encodings.
fn reads_otherwise(encoding: TextEncoding, piece: &[u8]) -> Option<String> {
    let read: Vec<String> = readings(piece)
        .into_iter()
        .filter(|(one, _)| *one != encoding)
        .take(READINGS)
        .map(|(one, text)| format!("`{text}` with `encoding: {}`", one.as_str()))
        .collect();
    (!read.is_empty()).then(|| format!("It reads {}", read.join(", ")))
}

/// The problem of a UTF-8 cell in a file of another encoding.
fn foreign_utf8(encoding: TextEncoding, span: Span) -> RecordProblem {
    let help = "Two files may have been joined, or a program wrote into it: save that part in the file's own encoding, \
                or the whole file as UTF-8";
    problem(format!("A cell is written in UTF-8, and the file is {}", encoding.name()), help, span)
}
