//! Decodes the escapes of a text layer by layer (JSON, URLs, HTML) and maps every byte back to the original.

use std::ops::Range;

use super::escapes::{entity, escaped, percent};

/// Most rounds of decoding, because an escaped text may be escaped again.
const ROUNDS: usize = 3;

/// Searches a text and adds the ranges that it finds.
pub(super) type Find<'f> = dyn FnMut(&[u8], &mut Vec<Range<usize>>) + 'f;

/// A decoded text, mapped to the original.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// The offset in the original of each byte, and of the end.
    pub(super) from: Vec<usize>,
}

/// Whether a text contains a character that starts an escape, so that decoding changes it.
pub(super) fn has_signs(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'&'))
}

/// Runs `find` on a text and on its decoded forms. Returns the ranges in the original, sorted and merged.
///
/// `everywhere` also searches after every single decoding step. That is needed if the searched text itself [contains
/// such characters](has_signs).
pub(super) fn ranges(text: &[u8], everywhere: bool, find: &mut Find<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    find(text, &mut found);
    if has_signs(text) {
        let mut view = View { bytes: text.to_vec(), from: (0..=text.len()).collect() };
        for _ in 0..ROUNDS {
            let before = view.bytes.len();
            for (sign, decode) in [(b'\\', escaped as Decode), (b'%', percent), (b'&', entity)] {
                if !view.bytes.contains(&sign) {
                    continue;
                }
                let decoded = view.decoded(sign, decode);
                // Decoding makes a text shorter.
                if decoded.bytes.len() < view.bytes.len() {
                    view = decoded;
                    if everywhere {
                        found.extend(view.found(find));
                    }
                }
            }
            if view.bytes.len() == before {
                break;
            }
            if !everywhere {
                found.extend(view.found(find));
            }
        }
    }
    merged(found)
}

/// Replaces every range in a text.
pub(super) fn replaced(text: &[u8], ranges: &[Range<usize>], by: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        out.extend_from_slice(&text[at..range.start]);
        out.extend_from_slice(by.as_bytes());
        at = range.end;
    }
    out.extend_from_slice(&text[at..]);
    out
}

pub(super) fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Decodes the escape at the start of a text: the bytes, and the length of the escape.
type Decode = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

impl View {
    /// Searches the decoded text and returns the ranges in the original.
    pub(super) fn found(&self, find: &mut Find<'_>) -> Vec<Range<usize>> {
        let mut seen = Vec::new();
        find(&self.bytes, &mut seen);
        seen.into_iter().map(|range| self.from[range.start]..self.from[range.end]).collect()
    }

    fn decoded(&self, sign: u8, decode: Decode) -> Self {
        let mut view = Self { bytes: Vec::with_capacity(self.bytes.len()), from: Vec::with_capacity(self.from.len()) };
        let mut at = 0;
        while let Some(byte) = self.bytes.get(at) {
            let (bytes, taken) = match *byte == sign {
                true => decode(&self.bytes[at..]).unwrap_or((vec![sign], 1)),
                false => (vec![*byte], 1),
            };
            view.from.extend(bytes.iter().map(|_| self.from[at]));
            view.bytes.extend(bytes);
            at += taken;
        }
        view.from.push(self.from[at]);
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str, secret: &str) -> String {
        let mut find = |bytes: &[u8], found: &mut Vec<Range<usize>>| {
            let length = secret.len();
            found.extend(
                (0..bytes.len())
                    .map(|at| at..at + length)
                    .filter(|range| bytes.get(range.clone()) == Some(secret.as_bytes())),
            );
        };
        let found = ranges(text.as_bytes(), true, &mut find);
        let seldom = ranges(text.as_bytes(), has_signs(secret.as_bytes()), &mut find);
        assert_eq!(found, seldom);
        String::from_utf8(replaced(text.as_bytes(), &found, "#")).unwrap()
    }

    #[test]
    fn a_text_is_found_under_every_layer_of_escapes() {
        for text in [
            "a\"/é",
            r#"a\"\/\u00e9"#,
            r#"a\\\"\\/\\u00E9"#,
            "a%22%2f%C3%A9",
            r"a%22/\u00e9",
            "a%2522%252F%25C3%25A9",
            "a&quot;/é",
            "a&#34;&#x2F;&#233;",
            "a&#x00022;&sol;&#xE9",
            "a&amp;quot;&amp;#47;&amp;#xe9;",
            "%61%26quot%3B/é",
            "&#37;61&#x5c;x22/\\u{e9}",
            r"\x61\x22/%u00e9",
        ] {
            assert_eq!(hidden(&format!("<{text}>"), "a\"/é"), "<#>", "{text}");
        }
        assert_eq!(hidden(r"x\ud83d\ude00y", "😀"), "x#y");
    }

    #[test]
    fn texts_that_are_not_escapes_stay_unchanged() {
        for text in ["100 % of \\", "%zz\\x\\u12", "\\ud800", "%", "%4", "\\u+123"] {
            assert_eq!(hidden(text, "secret"), text);
        }
        assert_eq!(hidden("%zz secret \\q", "secret"), "%zz # \\q");
    }

    #[test]
    fn ranges_that_touch_become_one() {
        assert_eq!(hidden("aaaa", "aa"), "#");
    }
}
