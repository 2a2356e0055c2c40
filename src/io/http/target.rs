//! Where a URL leads: its origin, and the path and query that go on the wire.

use bytes::Bytes;
use hyper::http::uri::PathAndQuery;
use url::{Position, Url};

use super::failure::not_made;
use crate::model::SendError;

/// The part of a URL before its path, as it is spelled; where it is nothing out of the ordinary.
pub(super) fn spelled_origin(url: &str) -> Option<&str> {
    let start = url.find("://")? + "://".len();
    let end = url[start..].find(['/', '?', '#', '\\']).map_or(url.len(), |at| start + at);
    Some(&url[..end])
}

/// The path of a URL that starts with `origin` and needs nothing changed; else the URL again.
pub(super) fn path_after(origin: &str, url: String) -> Result<PathAndQuery, String> {
    if !url.starts_with(origin) || !is_plain(&url.as_bytes()[origin.len()..]) {
        return Err(url);
    }
    let url = Bytes::from(url);
    PathAndQuery::from_maybe_shared(url.slice(origin.len()..)).map_err(|_| String::from_utf8_lossy(&url).into_owned())
}

/// Reads a URL in full, as browsers do.
///
/// # Errors
/// It is no URL that can be called.
pub(super) fn parse(text: &str) -> Result<(Url, PathAndQuery), SendError> {
    let url = Url::parse(text).map_err(|error| not_made(&error))?;
    let refused = |why: &str| Err(SendError::NotSent(format!("the request could not be made: {why}")));
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return refused("URL scheme is not allowed");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("a URL holds no user or password");
    }
    let path = PathAndQuery::try_from(&url[Position::BeforePath..Position::AfterQuery]);
    let path = path.map_err(|error| not_made(&error))?;
    Ok((url, path))
}

/// Whether a path and its query go out as they stand: nothing to encode, no `.` and `..` to resolve.
fn is_plain(path: &[u8]) -> bool {
    let mut before = 0;
    let mut after_percent = false;
    path.first() == Some(&b'/')
        && path.iter().all(|byte| {
            let dots = (before == b'/' && *byte == b'.') || (after_percent && *byte == b'2');
            after_percent = before == b'/' && *byte == b'%';
            before = *byte;
            PLAIN[usize::from(*byte)] && !dots
        })
}

/// The bytes that no reader of URLs touches, in a path or in a query.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
            | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':'
            | b'@' | b'/' | b'%' | b'?');
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://api.example.com:8443";

    /// What goes on the wire, however it was found.
    fn on_the_wire(rest: &str) -> String {
        let url = format!("{ORIGIN}{rest}");
        path_after(ORIGIN, url).unwrap_or_else(|url| parse(&url).unwrap().1).to_string()
    }

    #[test]
    fn the_short_way_says_what_the_long_way_says() {
        for rest in [
            "/",
            "/a",
            "/a/b?c=d&e=%20+f",
            "/a//b",
            "/a?b?c",
            "/合同",
            "/a b",
            "/a?q=合同",
            "/a?q='x'",
            "/a|b",
            "/a\\b",
            "/./a",
            "/a/../b",
            "/a/.",
            "/a/%2e%2E/b",
            "/a/.%2e/b",
            "/a/%2E/b",
            "/%2F",
            "/a.b/c..d",
            "/?a=/.",
            "",
            "?a=b",
            "/a#b",
            "/a?b#c",
            "/a\"<>`{}^[]",
            "/a?\"<>`{}^[]",
            "/%zz",
            "/a%",
            "/.well-known/x",
            "/a\tb",
        ] {
            let long = parse(&format!("{ORIGIN}{rest}")).unwrap().1;
            assert_eq!(on_the_wire(rest), long.as_str(), "{rest}");
        }
    }

    #[test]
    fn what_needs_a_change_takes_the_long_way() {
        for plain in ["/", "/api/task/do_add", "/a?b=c%20d&e=f+g", "/v1.2/a..b"] {
            assert!(is_plain(plain.as_bytes()), "{plain}");
        }
        for other in ["", "a", "?a", "/a b", "/é", "/a/..", "/a/%2e%2e", "/a#b", "/a'b", "/a\r\nb"] {
            assert!(!is_plain(other.as_bytes()), "{other:?}");
        }
    }

    #[test]
    fn an_origin_that_is_only_the_start_of_a_longer_one_is_another() {
        for other in
            ["https://api.example.com:84430/a", "https://api.example.com:8443.evil/a", "https://api.example.com/a"]
        {
            assert!(path_after(ORIGIN, other.to_owned()).is_err(), "{other}");
        }
        assert_eq!(spelled_origin("HTTP://Host:80/base?x"), Some("HTTP://Host:80"));
        assert_eq!(spelled_origin("https:"), None);
    }

    #[test]
    fn what_is_no_url_is_not_sent_and_not_repeated() {
        for wrong in ["", "/path", "ftp://h/person", "https://u:person@h/", "https://", "http://[::1/person"] {
            let told = parse(wrong);
            assert!(matches!(&told, Err(SendError::NotSent(why)) if !why.contains("person")), "{wrong}: {told:?}");
        }
    }
}
