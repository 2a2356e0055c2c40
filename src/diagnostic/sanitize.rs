//! Text from files and vendors made harmless for a terminal.

use std::borrow::Cow;

/// The text with control characters and characters that reorder text shown as visible marks.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| stand_in(c).is_some()) {
        Cow::Owned(text.chars().map(|c| stand_in(c).unwrap_or(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The same on one line: line breaks and tabs are shown as marks too, so that no cell can pretend to be a message.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return printable(text);
    }
    Cow::Owned(printable(text).replace('\n', "\u{240a}").replace('\t', "\u{2409}"))
}

/// The text, cut with a mark behind so many characters.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// What is shown instead of a character that a terminal would act upon.
fn stand_in(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => None,
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32),
        '\x7f' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_reordering_are_shown_not_obeyed() {
        assert_eq!(printable("a\x1b[31mb\0\x7f\r"), "a␛[31mb␀␡␍");
        assert_eq!(printable("x\u{202e}y\u{9b}z"), "x\u{fffd}y\u{fffd}z");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line("a\nerror: b\tc\x1b"), "a␊error: b␉c␛");
        assert!(matches!(one_line("預約 é"), Cow::Borrowed(_)));
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert!(matches!(printable("預約 é\tb\nc"), Cow::Borrowed(_)));
    }
}
