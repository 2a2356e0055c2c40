//! Makes text from files and vendors harmless for terminals, CI systems and readers of JSON.

use std::borrow::Cow;

use super::ci_commands::inline_breaks;
use super::unseen::{named, unseen, with_unseen};

/// The text with control and invisible characters replaced by visible marks: `␛`, `[U+202E]`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    with_unseen(text, named)
}

/// [`printable`] text on one line: line breaks and tabs become marks too, so that a cell cannot imitate a message.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return printable(text);
    }
    Cow::Owned(printable(text).replace('\n', "\u{240a}").replace('\t', "\u{2409}"))
}

/// The text, cut after `most` characters with `…` at the end.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The same JSON value with invisible characters and starts of CI commands escaped, such as `\u202e`.
#[must_use]
pub fn harmless_json(json: &str) -> Cow<'_, str> {
    let breaks = inline_breaks(json);
    let is_seen = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    if breaks.is_empty() && json.bytes().all(is_seen) {
        return Cow::Borrowed(json);
    }
    // In JSON these occur only inside texts, where they are not escaped yet.
    let hidden = unseen(json).filter(|(_, c)| !c.is_ascii() || *c == '\x7f');
    let mut places: Vec<(usize, char)> = hidden.chain(breaks.into_iter().map(|at| (at, '#'))).collect();
    places.sort_unstable();
    let mut out = String::with_capacity(json.len() + places.len() * 6);
    let mut from = 0;
    for (at, c) in places {
        out.push_str(&json[from..at]);
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
        from = at + c.len_utf8();
    }
    out.push_str(&json[from..]);
    Cow::Owned(out)
}

/// A line of a file as it is shown, with the offset in it of each byte of `text`, and of its end.
pub(in crate::diagnostic) fn shown_line(text: &str) -> (String, Vec<usize>) {
    let mut shown = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut hidden = unseen(text).peekable();
    let breaks = inline_breaks(text);
    for (at, c) in text.char_indices() {
        if breaks.contains(&at) {
            shown.push(' ');
        }
        places.extend(std::iter::repeat_n(shown.len(), c.len_utf8()));
        match c {
            // A tab would be widened when drawn, which would shift the caret under the text after it.
            '\n' | '\t' => shown.push(' '),
            c if hidden.next_if(|(place, _)| *place == at).is_some() => shown.push_str(&named(c)),
            c => shown.push(c),
        }
    }
    places.push(shown.len());
    (shown, places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn escapes_and_reordering_are_shown_not_obeyed() {
        assert_eq!(printable("a\x1b[31mb\0\x7f\r"), "a␛[31mb␀␡␍");
        assert_eq!(printable("x\u{202e}y\u{9b}z\u{61c}"), "x[U+202E]y[U+009B]z[U+061C]");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line("a\nerror: b\tc\x1b"), "a␊error: b␉c␛");
        assert!(matches!(one_line("預約 é"), Cow::Borrowed(_)));
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert!(matches!(printable("預約 é\tb\nc"), Cow::Borrowed(_)));
        assert!(matches!(
            harmless_json("{\n\t\"a\": \"預約 # ## b\\u0007\"}").as_ref(),
            "{\n\t\"a\": \"預約 # ## b\\u0007\"}"
        ));
    }

    #[test]
    fn json_says_the_same_and_shows_what_is_in_it() {
        let json = r###"{"##vso[a]":"x##[b]y\\##[c]"}"###.replace('y', "\u{202e}\u{e0041}\u{7f}");
        let harmless = harmless_json(&json);
        assert_eq!(harmless, r###"{"#\u0023vso[a]":"x#\u0023[b]\u202e\udb40\udc41\u007f\\#\u0023[c]"}"###);
        assert_eq!(serde_json::from_str::<Value>(&harmless).unwrap(), serde_json::from_str::<Value>(&json).unwrap());
    }

    #[test]
    fn a_shown_line_maps_each_byte_to_its_column() {
        let (shown, places) = shown_line("a\u{202e}b\t##[c");
        assert_eq!(shown, "a[U+202E]b # #[c");
        let behind = |raw: usize| &shown[places[raw]..];
        assert_eq!(
            [behind(0), behind(1), behind(4), behind(6), behind(7), behind(9), behind(10)],
            [&shown[..], "[U+202E]b # #[c", "b # #[c", "# #[c", "#[c", "c", ""]
        );
    }

    proptest! {
        #[test]
        fn any_json_stays_what_it_is(texts in prop::collection::vec("(\\PC|[\\u{0}-\\u{ff}]|##|\\[|\\\\|vso|\\p{C}){0,12}", 0..4)) {
            let json = serde_json::to_string(&texts).unwrap();
            let harmless = harmless_json(&json);
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&harmless).unwrap(), texts);
            prop_assert!(printable(&harmless) == harmless && inline_breaks(&harmless).is_empty());
        }
    }
}
