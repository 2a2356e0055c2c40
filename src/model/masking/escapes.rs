//! Decodes one escape at the start of a text: JSON and program escapes, percent-encoding, HTML entities. Each decoder
//! returns the decoded bytes and the length of the escape; `None` if the text does not start with such an escape.

/// The decoded bytes, and the length of the escape in bytes.
type Plain = Option<(Vec<u8>, usize)>;

/// HTML entities of the punctuation and control characters that credentials may contain.
const ENTITIES: [(&str, char); 43] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("vert", '|'),
    ("verbar", '|'),
];

/// Decodes `\"`, `\/`, `\n`, `\u00e9`, a surrogate pair, and `\x2f` and `\u{2f}` as programs write them.
pub(super) fn escaped(text: &[u8]) -> Plain {
    let plain = match text.get(1)? {
        byte @ (b'"' | b'\\' | b'/' | b'\'') => *byte,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' if text.get(2) == Some(&b'{') => return braced(text),
        b'u' => return unit_pair(text),
        b'x' => return Some((vec![u8::try_from(hex(text.get(2..4)?)?).ok()?], 4)),
        _ => return None,
    };
    Some((vec![plain], 2))
}

/// Decodes `%2F`, and `%u002F` as old programs write it.
pub(super) fn percent(text: &[u8]) -> Plain {
    if matches!(text.get(1)?, b'u' | b'U') {
        return Some((char_of(hex(text.get(2..6)?)?)?, 6));
    }
    Some((vec![u8::try_from(hex(text.get(1..3)?)?).ok()?], 3))
}

/// Decodes `&amp;`, `&#61;` and `&#x3D;`. A number may lack its semicolon.
pub(super) fn entity(text: &[u8]) -> Plain {
    let Some(number) = text.strip_prefix(b"&#") else {
        let length = text.iter().skip(1).take(9).position(|byte| *byte == b';')?;
        let name = std::str::from_utf8(text.get(1..=length)?).ok()?;
        let (_, plain) = ENTITIES.iter().find(|(known, _)| *known == name)?;
        return Some((plain.to_string().into_bytes(), length + 2));
    };
    let (digits, radix, ahead) = match number.strip_prefix(b"x").or_else(|| number.strip_prefix(b"X")) {
        Some(digits) => (digits, 16, 3),
        None => (number, 10, 2),
    };
    let length = digits.iter().take(12).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let value = u32::from_str_radix(std::str::from_utf8(digits.get(..length)?).ok()?, radix).ok()?;
    let closed = usize::from(digits.get(length) == Some(&b';'));
    Some((char_of(value)?, ahead + length + closed))
}

/// Decodes `\u{2f}`.
fn braced(text: &[u8]) -> Plain {
    let length = text.iter().skip(3).take(7).position(|byte| *byte == b'}')?;
    Some((char_of(hex(text.get(3..3 + length)?)?)?, length + 4))
}

fn unit_pair(text: &[u8]) -> Plain {
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
    u16::try_from(hex(text.strip_prefix(b"\\u")?.get(..4)?)?).ok()
}

fn hex(digits: &[u8]) -> Option<u32> {
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| all)?, 16).ok()
}

fn char_of(value: u32) -> Option<Vec<u8>> {
    char::from_u32(value).map(|c| c.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_not_escapes_are_not_decoded() {
        for text in ["&", "&;", "&amp", "&nosuchname;", "&#;", "&#x;", "&#x110000;", "&#99999999999;", "&#xd800;"] {
            assert_eq!(entity(text.as_bytes()), None, "{text}");
        }
        for text in ["\\", "\\u{", "\\u{}", "\\u{+1}", "\\x4", "\\xg1", "\\u+123", "\\u{1234567}"] {
            assert_eq!(escaped(text.as_bytes()), None, "{text}");
        }
        for text in ["%", "%4", "%+1", "%u12", "%ud800"] {
            assert_eq!(percent(text.as_bytes()), None, "{text}");
        }
        assert_eq!(entity(b"&#61x"), Some((b"=".to_vec(), 4)));
        assert_eq!(entity(b"&#0000061;x"), Some((b"=".to_vec(), 10)));
        assert_eq!(percent(b"%U003dx"), Some((b"=".to_vec(), 6)));
    }
}
