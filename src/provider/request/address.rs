//! Checks that a path or URL is sent exactly as it is shown, and only to the host that it names.

use url::{Position, Url};

use super::base_url::{is_kept, leads_to, path_start};
use crate::diagnostic::shortened;
use crate::model::{percent_decoded, percent_encoded};

/// An origin to parse a path with; only path and query are compared.
const ANY_ORIGIN: &str = "http://host";

/// Rounds of percent-decoding before dot segments are searched for, because some servers decode too often.
const ROUNDS: usize = 3;

/// Start of the message about a URL without a host, or with another host than the connection's.
pub(super) const ELSEWHERE: &str = "this call is not for the connection";

/// The longest piece of a path that a message shows, in characters.
const SHOWN: usize = 120;

/// Whether a text is a whole URL.
pub(crate) fn is_whole(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A path with its query below the base URL of a connection, or a whole URL of the same origin. A whole URL without a
/// path gets `/`.
///
/// # Errors
/// A message that says what to write, if a parser or server would read the text as another address.
pub(super) fn checked(text: String, connection: &str, base: Option<&str>) -> Result<String, String> {
    if !is_whole(&text) {
        if is_plain(&text) {
            return Ok(text);
        }
        if !text.starts_with('/') {
            let help = if text.starts_with("%2F") {
                "; between two braces a part is encoded as one segment, and `{{ raw … }}` takes it as it is"
            } else {
                ""
            };
            return Err(format!("`{}` must start with `/`{help}", shown(&text)));
        }
        check_path(&text)?;
        check_parsed(&text, &format!("{ANY_ORIGIN}{text}"))?;
        return Ok(text);
    }
    leads_to(&text, base).map_err(|why| format!("{ELSEWHERE} `{connection}`: {why}"))?;
    let start = path_start(&text);
    if start == text.len() {
        return Ok(text + "/");
    }
    check_path(&text[start..])?;
    check_parsed(&text[start..], &text)?;
    Ok(text)
}

/// Whether every parser reads the path the same way: letters, digits and a few other characters, without dots or
/// empty segments. Most paths are like this, so that no parser is needed.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'~');
    text.starts_with('/') && text.bytes().all(plain) && !text.contains("//")
}

fn check_path(text: &str) -> Result<(), String> {
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        return Err(format!("`{}` holds a control character, U+{:04X}", shown(text), u32::from(c)));
    }
    if let Some(c) = text.chars().find(|c| !c.is_ascii() || matches!(c, ' ' | '#')) {
        let mut buffer = [0; 4];
        let encoded = percent_encoded(c.encode_utf8(&mut buffer));
        return Err(format!("`{}` holds `{c}`, which cannot stand in a path: write `{encoded}`", shown(text)));
    }
    let path = text.split('?').next().unwrap_or_default();
    if path.contains('\\') {
        return Err(format!("`{}` holds a backslash, which is read as `/`: write `%5C`", shown(text)));
    }
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        if segment.is_empty() && segments.peek().is_some() {
            return Err(format!("`{}` has an empty segment, `//`", shown(text)));
        }
        check_segment(segment).map_err(|wrong| format!("`{}` {wrong}", shown(text)))?;
    }
    Ok(())
}

/// Refuses a segment that becomes `.` or `..` when decoded, however often it is encoded.
fn check_segment(segment: &str) -> Result<(), &'static str> {
    let mut bytes = segment.as_bytes().to_vec();
    for _ in 0..ROUNDS {
        let mut parts = bytes.split(|byte| matches!(byte, b'/' | b'\\'));
        // Some servers cut off everything after a `;` before they resolve dots.
        if parts.any(|part| matches!(part.split(|byte| *byte == b';').next(), Some(b"." | b".."))) {
            return Err("leads elsewhere by its dots");
        }
        if bytes.iter().any(u8::is_ascii_control) {
            return Err("holds an encoded control character");
        }
        let decoded = percent_decoded(&bytes);
        if decoded == bytes {
            break;
        }
        bytes = decoded;
    }
    Ok(())
}

fn check_parsed(text: &str, url: &str) -> Result<(), String> {
    match Url::parse(url) {
        Ok(parsed) if is_kept(url, &parsed) => Ok(()),
        Ok(parsed) => {
            let sent = &parsed[Position::BeforePath..];
            Err(format!("`{}` would be sent as `{}`: write that", shown(text), shown(sent)))
        }
        Err(_) => Err(format!("`{}` is not a path", shown(text))),
    }
}

fn shown(text: &str) -> String {
    shortened(text, SHOWN).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> Result<String, String> {
        checked(text.to_owned(), "http", None)
    }

    #[test]
    fn what_a_parser_or_a_server_reads_as_another_path_is_refused() {
        for bad in [
            "",
            "things",
            "?a=1",
            "%2Fthings",
            "/..",
            "/.",
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/a/.",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a/.%2e",
            "/a/%2e",
            "/a/%252e%252e/b",
            "/a/..%2fb",
            "/a/..%2F..%2Fadmin",
            "/a/x%2F..%2F..%2Fadmin",
            "/a/%252e%252e%252fadmin",
            "/a/..%5C..%5Cx",
            "/a/..;/admin",
            "/a/..;x=1/admin",
            "/a/..%3B/admin",
            "/a\\b",
            "/..\\..\\x",
            "//evil.example/x",
            "/a//b",
            "//",
            "///",
            "/a b",
            "/a#b",
            "/a?b#c",
            "/a\tb",
            "/a\nb",
            "/a\r\nHost: x",
            "/a\0b",
            "/a%0Ab",
            "/a%00",
            "/a%250A",
            "/a\u{7f}",
            "/a\u{85}b",
            "/預約",
            "/a?name=王",
            "/a?b c",
            "/a\"b",
            "/a<b>",
            "/a`b",
            "/{id}",
            "/a?b=\"c\"",
            "/a?b='c'",
            "/a\u{200b}",
            "/a\u{ff0e}\u{ff0e}/b",
        ] {
            assert!(path(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn unambiguous_paths_are_accepted() {
        for good in [
            "/",
            "/things/",
            "/a/b?c=d&e=%20+f",
            "/a?b?c",
            "/a?",
            "/a.b/c..d/...",
            "/?a=/../.",
            "/%2F",
            "/42%2Fdelete",
            "/42%3Fforce%3Dtrue",
            "/a%5Cb",
            "/%zz",
            "/a%",
            "/.well-known/x",
            "/a-._~!$&'()*+,;=:@%41",
            "/a;b=1/c",
            "/a?x=%0A",
        ] {
            assert_eq!(path(good).as_deref(), Ok(good), "{good}");
        }
    }

    #[test]
    fn a_whole_url_without_a_sound_origin_is_refused() {
        for bad in [
            "https://x@h/",
            "https://u:p@h/",
            "https:///x",
            "https://",
            "https://?x",
            "https://h:",
            "https://h:/",
            "https://h:99999/",
            "https://h:8x/",
            "https://h:-1/",
            "https://h h/",
            "https:// h/",
            "https://[::1/x",
            "https://[::g]/x",
            "https://[::1]x/",
            "https://::1/",
            "https://h\\x/",
            "https://h%2eexample/",
            "https://a\u{440}i.example/",
            "https://h\u{3002}example/",
            "https://\u{ff48}/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://h.example\t/",
            "https://h.example\n/",
            "https://h.example?x=1",
            "https://h.example#x",
            "https://h.example/../x",
            "https://h.example//x",
            "https://h.example/a b",
        ] {
            assert!(path(bad).is_err(), "{bad:?}");
        }
        for good in ["https://h.example/", "https://h.example:8443/a?b", "https://[::1]:1/x", "https://H.Example:443/x"]
        {
            assert_eq!(path(good).as_deref(), Ok(good), "{good}");
        }
        assert_eq!(path("https://h.example").as_deref(), Ok("https://h.example/"));
    }

    proptest! {
        #[test]
        fn accepted_paths_are_sent_unchanged(text in "/[ -~預\\t\\n%.;/\\\\?#]{0,24}") {
            if let Ok(kept) = path(&text) {
                let parsed = Url::parse(&format!("https://api.example.com{kept}")).unwrap();
                prop_assert_eq!(&parsed[Position::BeforePath..], text.as_str());
                prop_assert_eq!(parsed.host_str(), Some("api.example.com"));
                prop_assert!(parsed.path_segments().unwrap().all(|segment| segment != ".." && segment != "."));
            }
        }

        #[test]
        fn a_plain_path_needs_no_parser(text in "[/A-Za-z0-9_~-]{0,24}") {
            let judged = check_path(&text).and_then(|()| check_parsed(&text, &format!("{ANY_ORIGIN}{text}")));
            prop_assert_eq!(is_plain(&text), text.starts_with('/') && judged.is_ok());
        }

        #[test]
        fn a_cell_that_is_encoded_stays_one_segment(cell in "\\PC{1,24}") {
            let text = format!("/things/{}/x", percent_encoded(&cell));
            if let Ok(kept) = path(&text) {
                let parsed = Url::parse(&format!("https://api.example.com{kept}")).unwrap();
                prop_assert_eq!(parsed.path_segments().unwrap().count(), 3);
                prop_assert_eq!(parsed.query(), None);
                prop_assert_eq!(&parsed[Position::BeforePath..], text.as_str());
            }
        }
    }
}
