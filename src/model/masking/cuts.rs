//! Detects that a text was cut short next to a match.

use std::ops::Range;

/// Marks that programs write where they leave text out.
const MARKS: [&[u8]; 7] = ["…".as_bytes(), b"...", b"***", b"[truncated", b"(truncated", b"<truncated", b"[cut"];
/// From this length on, in bytes, a text may have been cut at its end.
const LONG: usize = 400;

/// Whether a word that starts at the range is cut off after it.
pub(super) fn is_cut_behind(text: &[u8], range: &Range<usize>) -> bool {
    let rest = &text[range.end..];
    let says_so = MARKS.iter().any(|mark| rest.get(..mark.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(mark)));
    (says_so || (rest.is_empty() && text.len() >= LONG))
        && !is_word(range.start.checked_sub(1).and_then(|at| text.get(at)))
}

/// Whether a word that ends with the range is cut off before it.
pub(super) fn is_cut_ahead(text: &[u8], range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    MARKS[..3].iter().any(|mark| before.ends_with(mark)) && !is_word(text.get(range.end))
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}
