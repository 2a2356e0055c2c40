//! Where a text says that it was cut.

use std::ops::Range;

/// What stands where something was left out.
const MARKS: [&[u8]; 7] = ["…".as_bytes(), b"...", b"***", b"[truncated", b"(truncated", b"<truncated", b"[cut"];
/// Bytes from which on a text may be one that was cut at its end.
const LONG: usize = 400;

/// Whether something that begins a word is cut off behind.
pub(super) fn is_cut_behind(text: &[u8], range: &Range<usize>) -> bool {
    let rest = &text[range.end..];
    let says_so = MARKS.iter().any(|mark| rest.get(..mark.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(mark)));
    (says_so || (rest.is_empty() && text.len() >= LONG))
        && !is_word(range.start.checked_sub(1).and_then(|at| text.get(at)))
}

/// Whether something that ends a word is cut off ahead.
pub(super) fn is_cut_ahead(text: &[u8], range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    MARKS[..3].iter().any(|mark| before.ends_with(mark)) && !is_word(text.get(range.end))
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}
