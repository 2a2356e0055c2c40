//! Texts whose characters are still escaped by another program: for a web page, an e-mail, an XML file.

/// Names of characters in HTML, without those of letters with marks.
const NAMES: [&str; 21] = [
    "amp", "lt", "gt", "quot", "apos", "nbsp", "copy", "reg", "euro", "hellip", "ndash", "mdash", "lsquo", "rsquo",
    "ldquo", "rdquo", "middot", "bull", "deg", "szlig", "iexcl",
];
/// Endings of the HTML names of letters with marks, behind the letter.
const MARKS: [&str; 9] = ["acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "lig"];

/// Whether characters are still escaped. `address` says that the column holds web addresses, in which they may be.
pub(in crate::rows::checks) fn is_escaped(text: &str, address: bool) -> bool {
    // Most cells hold none of these characters.
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'_' | b'\\' | b'=' | b'%')) {
        return false;
    }
    let page = has_tags(text);
    (!page && (has_entity(text) || has_break(text)))
        || has_hex(text)
        || text.contains("\\r\\n")
        || has_codes(text, "\\u", 4)
        || (has_run(text, '=') && !address)
        || (has_run(text, '%') && !address && !text.contains("://") && !text.starts_with('/'))
        || (text.starts_with("=?") && text.ends_with("?=") && text.matches('?').count() >= 4)
}

fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let rest = &text[at + 1..];
        let Some(name) = rest.find(';').filter(|end| *end <= 10).and_then(|end| rest.get(..end)) else { return false };
        let letter =
            |mark: &&str| name.strip_suffix(*mark).is_some_and(|letter| letter.len() <= 2 && !letter.is_empty());
        let number = name.strip_prefix('#').map(|digits| digits.trim_start_matches(['x', 'X']));
        NAMES.contains(&name)
            || MARKS.iter().any(letter)
            || number.is_some_and(|digits| digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// Whether it has a `<br>` in one of its three spellings.
fn has_break(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    ["<br>", "<br/>", "<br />"].iter().any(|tag| small.contains(tag))
}

/// Whether it is HTML, where escapes are meant: it has tags other than line breaks.
fn has_tags(text: &str) -> bool {
    let small = text.to_ascii_lowercase().replace("<br", "");
    small.match_indices('<').any(|(at, _)| {
        let rest = small[at + 1..].trim_start_matches('/');
        rest.starts_with(|c: char| c.is_ascii_lowercase()) && rest.contains('>')
    })
}

/// Whether it has a `_x000D_`, as workbooks write a control character.
fn has_hex(text: &str) -> bool {
    text.match_indices("_x").any(|(at, _)| {
        let code = text.as_bytes().get(at + 2..at + 7).unwrap_or_default();
        code.len() == 5 && code[4] == b'_' && code[..4].iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
    })
}

/// Whether it has an escape of JSON: `\u5f20`.
fn has_codes(text: &str, opens: &str, digits: usize) -> bool {
    text.match_indices(opens).any(|(at, _)| {
        let code = text.as_bytes().get(at + opens.len()..at + opens.len() + digits).unwrap_or_default();
        code.len() == digits && code.iter().all(u8::is_ascii_hexdigit)
    })
}

/// Whether it has two escaped bytes beyond ASCII in a row: `=E5=BC` or `%E5%BC`.
fn has_run(text: &str, mark: char) -> bool {
    let byte = |part: &[u8]| {
        part.first() == Some(&(mark as u8))
            && matches!(part.get(1), Some(b'8' | b'9' | b'A'..=b'F' | b'a'..=b'f'))
            && part.get(2).is_some_and(u8::is_ascii_hexdigit)
    };
    let bytes = text.as_bytes();
    text.match_indices(mark).any(|(at, _)| byte(&bytes[at..]) && bytes.get(at + 3..).is_some_and(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_texts_are_told_apart_from_what_people_write() {
        for text in [
            "Smith &amp; Co",
            "&#39;x&#39;",
            "M&uuml;ller",
            "one<br>two",
            "one<BR />two",
            "line_x000D_",
            "=E5=BC=A0",
            "%E5%BC%A0",
            "\\u5f20\\u4e09",
            "a\\r\\nb",
            "=?UTF-8?B?5byg?=",
            "a&nbsp;b",
            "caf&eacute;",
        ] {
            assert!(is_escaped(text, false), "{text}");
        }
        for text in [
            "AT&T",
            "R&D; QA",
            "<p>Smith &amp; Co</p>",
            "a<b>c",
            "5 < 6 > 4",
            "_x_",
            "max_x0001",
            "100%",
            "a=E5",
            "1+1=2",
            "https://a.com/%E5%BC%A0",
            "C:\\users",
            "50%EC",
            "=?",
            "a & b;",
        ] {
            assert!(!is_escaped(text, false), "{text}");
        }
    }
}
