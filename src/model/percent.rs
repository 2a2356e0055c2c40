//! Percent-encoding of paths and queries.

use std::fmt::Write;

/// Encodes all but RFC 3986's unreserved characters.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes every `%41`; anything else stays as it is.
pub(crate) fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).filter(|_| *first == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match byte.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

/// Appends `name=value` to a URL or path, both encoded.
pub(crate) fn add_query(url: &mut String, name: &str, value: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(&percent_encoded(name));
    url.push('=');
    url.push_str(&percent_encoded(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reserved_character_is_encoded() {
        assert_eq!(percent_encoded("a/../b?c#d&e=f %\r\n"), "a%2F..%2Fb%3Fc%23d%26e%3Df%20%25%0D%0A");
        let mut url = "/x".to_owned();
        add_query(&mut url, "o&", "+09:00");
        add_query(&mut url, "p", "");
        assert_eq!(url, "/x?o%26=%2B09%3A00&p=");
    }

    #[test]
    fn only_complete_sequences_are_decoded() {
        for (text, decoded) in
            [("%2e%2E", ".."), ("%252e", "%2e"), ("%", "%"), ("%2", "%2"), ("%zz%+1", "%zz%+1"), ("%41b", "Ab")]
        {
            assert_eq!(percent_decoded(text.as_bytes()), decoded.as_bytes(), "{text}");
        }
    }
}
