//! A record's text and its own bytes, out of the window; bytes that are no text are a flaw.

use std::io::Read;

use bytes::Bytes;

use super::flaws;
use super::record::Record;
use super::window::Window;
use crate::diagnostic::Span;
use crate::model::TextEncoding;

/// What a byte-order mark is as text.
const MARK: char = '\u{feff}';

/// Gives the record the text of so many bytes of the window. Bytes that are none, or a NUL, are a flaw.
pub(super) fn set_text<R: Read>(record: &mut Record, window: &Window<R>, length: usize) {
    let bytes = &window.bytes()[..length];
    record.text.clear();
    record.trail = window.trail_length();
    record.encoding = window.encoding();
    record.bytes = window.raw(length).map(Bytes::copy_from_slice);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            record.text.push_str(text);
            if let Some((at, bad)) = window.bad(length) {
                record.flaw = Some(flaws::not_text(record.encoding, bad, Span::new(at, at + MARK.len_utf8())));
            } else if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
                record.flaw = Some(flaws::nul(Span::new(at, at + 1)));
            } else if text.starts_with(MARK) {
                record.flaw = Some(flaws::mark_inside(Span::new(0, MARK.len_utf8())));
            }
        }
        Err(error) => {
            let at = error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| at + length);
            let span = Span::new(at, at + MARK.len_utf8());
            record.flaw = Some(flaws::not_text(TextEncoding::Utf8, &bytes[at..end], span));
            record.text.push_str(&String::from_utf8_lossy(bytes));
            record.bytes = Some(Bytes::copy_from_slice(bytes));
        }
    }
}
