//! A record's text and its own bytes, out of the window; bytes that are no text are a flaw.

use std::io::Read;

use bytes::Bytes;

use super::ambiguity::pieces;
use super::detection::is_foreign_utf8;
use super::window::Window;
use crate::diagnostic::Span;
use crate::model::TextEncoding;
use crate::rows::formats::problems;
use crate::rows::record::{Flaw, Record};

/// What a byte-order mark is as text.
const MARK: char = '\u{feff}';

/// Gives the record the text of so many bytes of the window. Bytes that are none, or a NUL, are a flaw.
pub(in crate::rows) fn set_text<R: Read>(record: &mut Record, window: &Window<R>, length: usize) {
    let bytes = &window.bytes()[..length];
    record.text.clear();
    record.reads = None;
    record.trail = window.trail_length();
    record.encoding = window.encoding();
    record.bytes = window.raw(length).map(Bytes::copy_from_slice);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            record.text.push_str(text);
            if let Some((at, bad)) = window.bad(length) {
                let span = Span::new(at, at + MARK.len_utf8());
                let own = record.bytes.as_deref().unwrap_or_default();
                let (_, piece) = pieces(own).find(|(_, piece)| !record.encoding.reads(piece)).unwrap_or_default();
                record.reads =
                    window.reads_otherwise().then(|| problems::reads_otherwise(record.encoding, piece)).flatten();
                record.flaw = Some(problems::not_text(record.encoding, bad, span));
            } else if let Some((flaw, read)) = foreign(record, text) {
                (record.flaw, record.reads) = (Some(flaw), Some(read));
            } else if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
                record.flaw = Some(problems::nul(Span::new(at, at + 1)));
            } else if text.starts_with(MARK) {
                record.flaw = Some(problems::mark_inside(Span::new(0, MARK.len_utf8())));
            }
        }
        Err(error) => {
            let at = error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| at + length);
            let span = Span::new(at, at + MARK.len_utf8());
            let (_, piece) = pieces(bytes).find(|(_, piece)| std::str::from_utf8(piece).is_err()).unwrap_or_default();
            record.reads =
                window.reads_otherwise().then(|| problems::reads_otherwise(TextEncoding::Utf8, piece)).flatten();
            record.flaw = Some(problems::not_text(TextEncoding::Utf8, &bytes[at..end], span));
            record.text.push_str(&String::from_utf8_lossy(bytes));
            record.bytes = Some(Bytes::copy_from_slice(bytes));
        }
    }
}

/// A cell of UTF-8 in a record of another encoding that joins bytes to characters, and what it reads: as it stands it
/// would be read as something else.
fn foreign(record: &Record, text: &str) -> Option<(Flaw, String)> {
    let own = record.bytes.as_deref().filter(|_| !record.encoding.is_single() && !record.encoding.is_wide())?;
    let (_, piece) = pieces(own).find(|(_, piece)| is_foreign_utf8(piece))?;
    let read = record.encoding.decode(piece);
    let at = text.find(read.as_ref()).unwrap_or_default();
    let flaw = problems::foreign_utf8(record.encoding, Span::new(at, at + read.len()));
    Some((flaw, format!("In UTF-8 it reads `{}`", std::str::from_utf8(piece).ok()?)))
}
