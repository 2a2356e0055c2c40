//! Percent-encoding of what goes into paths and queries.

use std::fmt::Write;

/// Encodes all but RFC 3986's unreserved characters.
pub(crate) fn encode(text: &str) -> String {
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

/// Adds `name=value` to a URL or path, both encoded.
pub(crate) fn add_query(url: &mut String, name: &str, value: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(&encode(name));
    url.push('=');
    url.push_str(&encode(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_place() {
        assert_eq!(encode("a/../b?c#d&e=f %\r\n"), "a%2F..%2Fb%3Fc%23d%26e%3Df%20%25%0D%0A");
        let mut url = "/x".to_owned();
        add_query(&mut url, "o&", "+09:00");
        add_query(&mut url, "p", "");
        assert_eq!(url, "/x?o%26=%2B09%3A00&p=");
    }
}
