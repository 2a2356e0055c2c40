//! Rejoins bytes that a text splits into groups: hexadecimal with separators, base64 over several lines.

use super::views::View;

/// Fewest digit pairs that are decoded as a run.
const LEAST_PAIRS: usize = 4;
/// Most separator characters between two pairs.
const MOST_BETWEEN: usize = 2;

/// Decodes runs such as `aa:bb`, `aa bb`, `0xaa, 0xbb` and `\xaa\xbb`; `None` if there is none.
pub(super) fn hexed(text: &[u8]) -> Option<View> {
    let mut view: Option<View> = None;
    let mut at = 0;
    let mut copied = 0;
    while at < text.len() {
        let begins = at == 0 || !text[at - 1].is_ascii_alphanumeric();
        let run = if begins { run_of_pairs(text, at) } else { None };
        let Some((pairs, end)) = run else {
            at += 1;
            continue;
        };
        let view = view.get_or_insert_with(|| View { bytes: Vec::new(), from: Vec::new() });
        copy(text, copied..at, view);
        for (byte, from) in pairs {
            view.bytes.push(byte);
            view.from.push(from);
        }
        (at, copied) = (end, end);
    }
    let mut view = view?;
    copy(text, copied..text.len(), &mut view);
    view.from.push(text.len());
    Some(view)
}

/// The text without its line breaks; `None` if it has none.
pub(super) fn unbroken(text: &[u8]) -> Option<View> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !text.iter().any(is_end) {
        return None;
    }
    let kept = (0..text.len()).filter(|at| !is_end(&text[*at]));
    let (mut from, bytes): (Vec<usize>, Vec<u8>) = kept.map(|at| (at, text[at])).unzip();
    from.push(text.len());
    Some(View { bytes, from })
}

fn copy(text: &[u8], range: std::ops::Range<usize>, view: &mut View) {
    view.bytes.extend_from_slice(&text[range.clone()]);
    view.from.extend(range);
}

/// Reads a run of pairs with equal separators: each byte with its offset, and the end of the run.
fn run_of_pairs(text: &[u8], from: usize) -> Option<(Vec<(u8, usize)>, usize)> {
    let (first, mut at) = pair(text, from)?;
    let mut pairs = vec![(first, from)];
    let mut between: Option<&[u8]> = None;
    loop {
        let gap = text[at..]
            .iter()
            .take(MOST_BETWEEN + 1)
            .take_while(|byte| matches!(byte, b':' | b' ' | b'-' | b',' | b'_' | b'.' | b';'));
        let gap = gap.count();
        let signs = &text[at..at + gap];
        if gap > MOST_BETWEEN || between.is_some_and(|between| between != signs) {
            break;
        }
        let Some((byte, end)) = pair(text, at + gap) else { break };
        // Adjacent pairs count only with a prefix such as `0x`.
        if gap == 0 && end - at < 4 {
            break;
        }
        between = Some(signs);
        pairs.push((byte, at + gap));
        at = end;
    }
    (pairs.len() >= LEAST_PAIRS).then_some((pairs, at))
}

/// Reads a digit pair with an optional `0x` or `\x`: the byte, and the end of the pair.
fn pair(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let ahead = match text.get(at..at + 2)? {
        [b'0', b'x' | b'X'] | [b'\\', b'x' | b'X'] => 2,
        _ => 0,
    };
    let digits = std::str::from_utf8(text.get(at + ahead..at + ahead + 2)?).ok()?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let end = at + ahead + 2;
    let goes_on = text.get(end).is_some_and(u8::is_ascii_hexdigit);
    Some((u8::from_str_radix(digits, 16).ok().filter(|_| !goes_on)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let view = hexed(text.as_bytes())?;
        assert_eq!(view.from.len(), view.bytes.len() + 1);
        Some(String::from_utf8_lossy(&view.bytes).into_owned())
    }

    #[test]
    fn runs_of_pairs_are_read_and_nothing_else() {
        for (text, bytes) in [
            ("(61:62:63:64)", "(abcd)"),
            ("x 61 62 63 64 y", "x abcd y"),
            ("61-62-63-6A.", "abcj."),
            ("0x61, 0x62, 0x63, 0x64", "abcd"),
            (r"\x61\x62\x63\x64", "abcd"),
            ("61:62:63:64:zz", "abcd:zz"),
        ] {
            assert_eq!(read(text).as_deref(), Some(bytes), "{text}");
        }
        for text in ["61626364", "61:62:63", "2035-03-31 18:00", "61:62-63:64", "x61:62:63", "a b c d", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
