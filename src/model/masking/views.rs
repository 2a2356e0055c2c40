//! A text as it reads once its JSON escapes and percent signs are taken off, and where each byte of it came from.

use std::ops::Range;

/// How often an encoding is taken off: a text may be escaped in a text that is escaped itself.
const LAYERS: usize = 2;

/// Adds the places of whatever is looked for.
pub(super) type Find<'f> = dyn FnMut(&[u8], &mut Vec<Range<usize>>) + 'f;

/// A text with what it was made of.
struct View {
    bytes: Vec<u8>,
    /// Where each byte begins in the first text, and where the text ends.
    from: Vec<usize>,
}

/// Where `find` finds something in a text, in any of the forms; in the text's own places, sorted, none touching another.
pub(super) fn ranges(text: &[u8], find: &mut Find<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    find(text, &mut found);
    if text.iter().any(|byte| matches!(byte, b'\\' | b'%')) {
        let mut view = View { bytes: text.to_vec(), from: (0..=text.len()).collect() };
        for (sign, decode) in [(b'\\', escaped as Decode), (b'%', percent)] {
            for _ in 0..LAYERS {
                if !view.bytes.contains(&sign) {
                    break;
                }
                view = view.decoded(sign, decode);
                let mut seen = Vec::new();
                find(&view.bytes, &mut seen);
                found.extend(seen.into_iter().map(|range| view.from[range.start]..view.from[range.end]));
            }
        }
    }
    merged(found)
}

/// The text with every range replaced.
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

fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
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

/// What stands at the head of a text behind its sign, and how many bytes it takes; none where it is none of that form.
type Decode = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

impl View {
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

/// `\"`, `\/`, `\n`, `\u00e9`, a pair of surrogates.
fn escaped(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let plain = match text.get(1)? {
        byte @ (b'"' | b'\\' | b'/') => *byte,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unit_pair(text),
        _ => return None,
    };
    Some((vec![plain], 2))
}

fn unit_pair(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let first = unit(text)?;
    let second = text.get(6..).and_then(unit);
    let units = [first, second.unwrap_or_default()];
    let (read, taken) = match char::decode_utf16(units).next()? {
        Ok(char) if (0xd800..0xdc00).contains(&first) => (char, 12),
        Ok(char) => (char, 6),
        Err(_) => return None,
    };
    Some((read.to_string().into_bytes(), taken))
}

fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// `%2F`.
fn percent(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let digits = std::str::from_utf8(text.get(1..3)?).ok()?;
    Some((vec![u8::from_str_radix(digits, 16).ok()?], 3))
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
        let found = ranges(text.as_bytes(), &mut find);
        String::from_utf8(replaced(text.as_bytes(), &found, "#")).unwrap()
    }

    #[test]
    fn it_is_found_under_every_layer() {
        for text in
            ["a\"/é", r#"a\"\/\u00e9"#, r#"a\\\"\\/\\u00E9"#, "a%22%2f%C3%A9", r"a%22/\u00e9", "a%2522%252F%25C3%25A9"]
        {
            assert_eq!(hidden(&format!("<{text}>"), "a\"/é"), "<#>", "{text}");
        }
        assert_eq!(hidden(r"x\ud83d\ude00y", "😀"), "x#y");
    }

    #[test]
    fn what_is_no_escape_stays_as_it_is() {
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
