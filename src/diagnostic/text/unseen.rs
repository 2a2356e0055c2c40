//! Finds control and invisible characters, which hide text, reorder it or make two names look the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Control, format, private-use and unassigned characters, line separators, default-ignorable ones, and the Braille
/// blank.
static UNSEEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]").ok());

/// The unseen characters of a text with their byte offsets; line ends and tabs are not included.
pub(super) fn unseen(text: &str) -> impl Iterator<Item = (usize, char)> {
    // If the pattern cannot be built, every character beyond ASCII counts as unseen, to be safe.
    let pattern = if is_plain(text) { None } else { UNSEEN.as_ref() };
    let blind = !is_plain(text) && pattern.is_none();
    let found = pattern.into_iter().flat_map(move |pattern| {
        pattern.find_iter(text).filter_map(|found| Some((found.start(), found.as_str().chars().next()?)))
    });
    let all = blind.then(|| text.char_indices().filter(|(_, c)| !c.is_ascii_graphic() && *c != ' '));
    found
        .chain(all.into_iter().flatten())
        .filter(move |(at, c)| !matches!(c, '\n' | '\t') && !is_variant_of_sign(text, *at, *c))
}

/// Whether a text has only printable ASCII, line ends and tabs.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

/// Whether `c` is a variation selector after a symbol, as in `❤️`, where it hides nothing.
fn is_variant_of_sign(text: &str, at: usize, c: char) -> bool {
    let ahead = text[..at].chars().next_back();
    let is_sign =
        |ahead: char| !ahead.is_ascii() && !ahead.is_alphanumeric() && !('\u{fe00}'..='\u{fe0f}').contains(&ahead);
    matches!(c, '\u{fe0e}' | '\u{fe0f}') && ahead.is_some_and(is_sign)
}

/// The visible mark for an unseen character: the symbol of an ASCII control, else its code point.
pub(super) fn named(c: char) -> String {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map(String::from).unwrap_or_default(),
        '\x7f' => "\u{2421}".to_owned(),
        other => format!("[U+{:04X}]", u32::from(other)),
    }
}

/// The text with each unseen character replaced by its `stand_in`.
pub(super) fn with_unseen<'t>(text: &'t str, stand_in: impl Fn(char) -> String) -> Cow<'t, str> {
    let mut shown = String::new();
    let mut from = 0;
    for (at, c) in unseen(text) {
        shown.push_str(&text[from..at]);
        shown.push_str(&stand_in(c));
        from = at + c.len_utf8();
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[from..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        with_unseen(text, named).into_owned()
    }

    #[test]
    fn nothing_that_hides_or_reorders_text_is_left() {
        let ranges = [
            0x00..=0x08,
            0x0b..=0x1f,
            0x7f..=0x9f,
            0xad..=0xad,
            0x34f..=0x34f,
            0x61c..=0x61c,
            0x115f..=0x1160,
            0x17b4..=0x17b5,
            0x180b..=0x180f,
            0x200b..=0x200f,
            0x2028..=0x202e,
            0x2060..=0x206f,
            0x2800..=0x2800,
            0x3164..=0x3164,
            0xe000..=0xf8ff,
            0xfdd0..=0xfdef,
            0xfe00..=0xfe0f,
            0xfeff..=0xfeff,
            0xffa0..=0xffa0,
            0xfff0..=0xfffb,
            0xfffe..=0xffff,
            0x1bca0..=0x1bca3,
            0x1d173..=0x1d17a,
            0x1fffe..=0x1ffff,
            0xe0000..=0xe0fff,
            0xf0000..=0x10_ffff,
        ];
        for c in ranges.into_iter().flatten().filter_map(char::from_u32) {
            let text = shown(&format!("a{c}b"));
            assert!(!text.contains(c) && text.starts_with('a') && text.ends_with('b'), "{text:?}");
        }
        assert_eq!(shown("x\u{202e}y\u{9b}z\u{e0041}\u{1b}"), "x[U+202E]y[U+009B]z[U+E0041]␛");
    }

    #[test]
    fn visible_characters_are_unchanged() {
        for text in ["預約 é e\u{301} ｱ ﷺ", "👍🏽 🇹🇼 ☎\u{fe0f} ❤\u{fe0f}", "हिन्दी العربية ไทย", "a\tb\nc", "€ … “”　x"]
        {
            assert!(matches!(with_unseen(text, named), Cow::Borrowed(_)), "{text:?}");
        }
        assert_eq!(shown("a\u{fe0f} ❤\u{fe0f}\u{fe0f} 1\u{fe0f}"), "a[U+FE0F] ❤\u{fe0f}[U+FE0F] 1[U+FE0F]");
    }
}
