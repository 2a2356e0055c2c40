//! Which requests the server answers: those for this machine and from this machine.
//!
//! The server listens on loopback only. A web page in a browser on this machine can still reach it: by a name that
//! points to 127.0.0.1 (DNS rebinding), which shows in `Host`, or across origins, which shows in `Origin`.

use hyper::Version;
use hyper::header::{HOST, HeaderName, ORIGIN};
use hyper::http::request::Parts;

use crate::provider::{is_loopback, is_loopback_authority};
use crate::sandbox::exchange::without_scheme;

/// Returns the status and message for a refused request; `None` if it may pass.
///
/// An HTTP/1.0 request may lack `Host`: simple programs do not send it, and browsers always do.
pub(in crate::sandbox) fn refusal(head: &Parts) -> Option<(u16, &'static str)> {
    let count = values(head, &HOST).count();
    if count > 1 || (count == 0 && head.version > Version::HTTP_10) {
        return Some((400, "The request must have one `Host` header."));
    }
    // A target with a host of its own overrides `Host`.
    let target_is_here = head.uri.authority().is_none_or(|authority| is_loopback_authority(authority.as_str()));
    if !target_is_here || !values(head, &HOST).all(|host| is_loopback_authority(without_scheme(host))) {
        return Some((
            421,
            "The sandbox answers this machine only: `Host` must be localhost, a name under .localhost, an address of 127.0.0.0/8, or [::1].",
        ));
    }
    if !values(head, &ORIGIN).all(is_loopback) {
        return Some((403, "The sandbox answers this machine only: `Origin` names a page of another host."));
    }
    None
}

/// The values of a header. One that is not plain text becomes blank.
fn values<'a>(head: &'a Parts, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    head.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(version: Version, target: &str, headers: &[(HeaderName, &[u8])]) -> Option<u16> {
        let mut request = hyper::Request::builder().version(version).uri(target);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        refusal(&request.body(()).unwrap().into_parts().0).map(|(status, _)| status)
    }

    fn of_host(host: &str) -> Option<u16> {
        status(Version::HTTP_11, "/", &[(HOST, host.as_bytes())])
    }

    fn of_origin(origin: &[u8]) -> Option<u16> {
        status(Version::HTTP_11, "/", &[(HOST, b"localhost"), (ORIGIN, origin)])
    }

    #[test]
    fn hosts_of_other_machines_are_misdirected() {
        for host in [
            "example.com",
            "example.com:8470",
            "192.168.1.7",
            "0.0.0.0:1",
            "localhost.example.com",
            "",
            "a b",
            "http://example.com",
            "http://localhost.example.com:1",
            "http://",
            "http://http://localhost",
            "ftp://localhost",
            "http://localhost/",
            "http://user@localhost",
        ] {
            assert_eq!(of_host(host), Some(421), "{host}");
        }
        assert_eq!(status(Version::HTTP_11, "/", &[(HOST, b"\xff")]), Some(421));
        for host in [
            "localhost",
            "LocalHost:1",
            "essbasic.localhost:8470",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]",
            "[::1]:1",
            "http://127.0.0.1:8470",
            "https://ess.localhost:8470",
        ] {
            assert_eq!(of_host(host), None, "{host}");
        }
    }

    #[test]
    fn the_host_of_a_whole_url_counts_too() {
        let proxied = |target| status(Version::HTTP_11, target, &[(HOST, b"localhost")]);
        assert_eq!(proxied("http://example.com/_sandbox/log"), Some(421));
        assert_eq!(proxied("http://127.0.0.1:8470/_sandbox/log"), None);
    }

    #[test]
    fn origins_of_other_machines_are_refused() {
        for origin in ["https://example.com", "http://localhost.example.com", "null", "", "file://", "localhost"] {
            assert_eq!(of_origin(origin.as_bytes()), Some(403), "{origin}");
        }
        assert_eq!(of_origin(b"http://\xff"), Some(403));
        for origin in ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:5173", "http://app.localhost"] {
            assert_eq!(of_origin(origin.as_bytes()), None, "{origin}");
        }
        let two: [(HeaderName, &[u8]); 3] =
            [(HOST, b"localhost"), (ORIGIN, b"http://localhost"), (ORIGIN, b"https://example.com")];
        assert_eq!(status(Version::HTTP_11, "/", &two), Some(403));
    }

    #[test]
    fn one_host_is_needed_except_in_http_1_0() {
        assert_eq!(status(Version::HTTP_11, "/", &[]), Some(400));
        assert_eq!(status(Version::HTTP_10, "/", &[]), None);
        assert_eq!(status(Version::HTTP_10, "/", &[(HOST, b"example.com")]), Some(421));
        assert_eq!(status(Version::HTTP_10, "/", &[(ORIGIN, b"https://example.com")]), Some(403));
        assert_eq!(status(Version::HTTP_11, "/", &[(HOST, b"localhost"), (HOST, b"localhost")]), Some(400));
    }
}
