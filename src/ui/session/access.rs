//! Which requests are answered at all: those that the page itself makes, and the one that opens it.
//!
//! The server listens on loopback alone, but a page of any site in this machine's browser can reach it: by a name that
//! points to 127.0.0.1 (DNS rebinding), which shows in `Host`, or from its own origin, which shows in `Origin` and
//! `Sec-Fetch-Site`. Another port of this machine is another origin.

use hyper::Method;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, ORIGIN, TRANSFER_ENCODING};
use hyper::http::request::Parts;

/// From which site a browser says that a request comes.
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// How the browser asks.
static FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// What for.
static FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a request asks for, as far as access depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Asked {
    /// The page's document, to which other pages may link. It holds no data.
    Document,
    /// A file or an answer that only the page itself loads.
    Read,
    /// A change.
    Change,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum AccessRefusal {
    /// It has no `Host`, or several.
    NoHost,
    /// It names another host.
    ForeignHost,
    /// It comes from a page of another origin.
    ForeignPage,
    /// Its method does something else than what it asks for.
    WrongMethod(Asked),
    /// A change whose body is not JSON.
    NotJson,
    /// A read with a body.
    BodyOfRead,
}

impl AccessRefusal {
    /// The HTTP status.
    pub(in crate::ui) fn status(self) -> u16 {
        match self {
            Self::NoHost | Self::BodyOfRead => 400,
            Self::ForeignHost => 421,
            Self::ForeignPage => 403,
            Self::WrongMethod(_) => 405,
            Self::NotJson => 415,
        }
    }

    /// A sentence for people.
    pub(in crate::ui) fn message(self) -> &'static str {
        match self {
            Self::NoHost => "The request must have one `Host` header.",
            Self::ForeignHost => "This page answers this machine only: `Host` must be 127.0.0.1, localhost or [::1].",
            Self::ForeignPage => "This page answers requests of its own only, and this one comes from another page.",
            Self::WrongMethod(Asked::Document | Asked::Read) => "This address is read with GET.",
            Self::WrongMethod(Asked::Change) => "This address is changed with POST.",
            Self::NotJson => "The body must be JSON, with `Content-Type: application/json`.",
            Self::BodyOfRead => "A request that reads has no body.",
        }
    }
}

/// Judges a request by its head.
///
/// # Errors
/// Why it is refused.
pub(in crate::ui) fn judge(head: &Parts, asked: Asked) -> Result<(), AccessRefusal> {
    let host = own_host(head)?;
    refuse_foreign_page(head, host, asked)?;
    match asked {
        Asked::Document | Asked::Read => {
            if head.method != Method::GET && head.method != Method::HEAD {
                return Err(AccessRefusal::WrongMethod(asked));
            }
            if has_body(head) {
                return Err(AccessRefusal::BodyOfRead);
            }
        }
        Asked::Change => {
            if head.method != Method::POST {
                return Err(AccessRefusal::WrongMethod(asked));
            }
            if !is_json(head) {
                return Err(AccessRefusal::NotJson);
            }
        }
    }
    Ok(())
}

/// The request's host, which must be this machine. Its port may differ: an SSH tunnel has its own.
fn own_host(head: &Parts) -> Result<&str, AccessRefusal> {
    let mut hosts = values(head, &HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(AccessRefusal::NoHost) };
    // A target with a host of its own overrides `Host`.
    let target_is_same = head.uri.authority().is_none_or(|target| target.as_str() == host);
    if !target_is_same || !is_this_machine(host) {
        return Err(AccessRefusal::ForeignHost);
    }
    Ok(host)
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => {
            if port.is_empty() || port.len() > 5 || !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            name
        }
        Some(_) | None => host,
    };
    ["127.0.0.1", "[::1]"].contains(&name) || name.eq_ignore_ascii_case("localhost")
}

fn refuse_foreign_page(head: &Parts, host: &str, asked: Asked) -> Result<(), AccessRefusal> {
    let own = format!("http://{host}");
    if !values(head, &ORIGIN).all(|origin| origin.eq_ignore_ascii_case(&own)) {
        return Err(AccessRefusal::ForeignPage);
    }
    let is = |name: &HeaderName, wanted: &str| values(head, name).any(|value| value == wanted);
    // A link in another page may lead here; a frame, a script or an image of it may not.
    let opens_page = asked == Asked::Document && is(&FETCH_MODE, "navigate") && is(&FETCH_DEST, "document");
    let mut sites = values(head, &FETCH_SITE);
    if opens_page || sites.all(|site| site == "same-origin" || site == "none") {
        return Ok(());
    }
    Err(AccessRefusal::ForeignPage)
}

fn has_body(head: &Parts) -> bool {
    head.headers.contains_key(TRANSFER_ENCODING) || values(head, &CONTENT_LENGTH).any(|length| length != "0")
}

fn is_json(head: &Parts) -> bool {
    let mut kinds = values(head, &CONTENT_TYPE);
    let (Some(kind), None) = (kinds.next(), kinds.next()) else { return false };
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The values of a header. One that is not plain text becomes blank.
fn values<'a>(head: &'a Parts, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    head.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, asked: Asked, headers: &[(&str, &str)]) -> Result<(), AccessRefusal> {
        let mut request = hyper::Request::builder().method(method).uri("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        judge(&request.body(()).unwrap().into_parts().0, asked)
    }

    fn read(headers: &[(&str, &str)]) -> Result<(), AccessRefusal> {
        of("GET", Asked::Read, &[&[("host", "127.0.0.1:7")], headers].concat())
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for host in ["127.0.0.1", "127.0.0.1:80", "localhost:9000", "LOCALHOST", "[::1]", "[::1]:80"] {
            assert_eq!(of("GET", Asked::Read, &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "",
            "example.com",
            "127.0.0.1.example.com",
            "127.0.0.1:",
            "127.0.0.1:x",
            "127.0.0.1:123456",
            "0.0.0.0",
            "127.0.0.2",
            "localhost.",
            "app.localhost",
            "localhost@example.com",
            "http://127.0.0.1",
            "[::2]",
            "[::1]x",
            "2130706433",
            "127.1",
            "[::ffff:127.0.0.1]",
            "127.0.0.1:80:80",
            "localhost:80 ,example.com",
        ] {
            assert_eq!(of("GET", Asked::Read, &[("host", host)]), Err(AccessRefusal::ForeignHost), "{host}");
        }
        assert_eq!(of("GET", Asked::Read, &[]), Err(AccessRefusal::NoHost));
        let two = [("host", "127.0.0.1"), ("host", "127.0.0.1")];
        assert_eq!(of("GET", Asked::Read, &two), Err(AccessRefusal::NoHost));
    }

    #[test]
    fn a_target_with_a_host_of_its_own_is_held_against_the_header() {
        let judged = |target: &str| {
            let request = hyper::Request::builder().uri(target).header("host", "127.0.0.1:7").body(()).unwrap();
            judge(&request.into_parts().0, Asked::Read)
        };
        assert_eq!(judged("http://127.0.0.1:7/x"), Ok(()));
        assert_eq!(judged("http://example.com/x"), Err(AccessRefusal::ForeignHost));
        assert_eq!(judged("http://user@127.0.0.1:7/x"), Err(AccessRefusal::ForeignHost));
    }

    #[test]
    fn only_the_pages_own_origin_may_ask() {
        assert_eq!(read(&[("origin", "http://127.0.0.1:7")]), Ok(()));
        for origin in
            ["http://127.0.0.1:8", "http://127.0.0.1", "https://127.0.0.1:7", "http://localhost:7", "null", ""]
        {
            assert_eq!(read(&[("origin", origin)]), Err(AccessRefusal::ForeignPage), "{origin}");
        }
        let two = [("origin", "http://127.0.0.1:7"), ("origin", "http://example.com")];
        assert_eq!(read(&two), Err(AccessRefusal::ForeignPage));
    }

    #[test]
    fn another_site_may_link_to_the_page_and_do_no_more() {
        for site in ["same-origin", "none"] {
            assert_eq!(read(&[("sec-fetch-site", site)]), Ok(()), "{site}");
        }
        let host = ("host", "127.0.0.1:7");
        for site in ["same-site", "cross-site", "new-site"] {
            let site = ("sec-fetch-site", site);
            assert_eq!(read(&[site]), Err(AccessRefusal::ForeignPage));
            let (navigate, document) = (("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"));
            assert_eq!(of("GET", Asked::Document, &[host, site, navigate, document]), Ok(()));
            assert_eq!(read(&[site, navigate, document]), Err(AccessRefusal::ForeignPage));
            for dest in ["iframe", "script", "image", "empty"] {
                let framed = of("GET", Asked::Document, &[host, site, navigate, ("sec-fetch-dest", dest)]);
                assert_eq!(framed, Err(AccessRefusal::ForeignPage), "{dest}");
            }
        }
    }

    #[test]
    fn reads_are_get_without_a_body_and_changes_post_with_json() {
        let host = ("host", "127.0.0.1:7");
        let json = ("content-type", "application/json; charset=utf-8");
        assert_eq!(of("HEAD", Asked::Read, &[host]), Ok(()));
        assert_eq!(of("POST", Asked::Change, &[host, json]), Ok(()));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let refused = Err(AccessRefusal::WrongMethod(Asked::Read));
            assert_eq!(of(method, Asked::Read, &[host, json]), refused, "{method}");
        }
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
            let refused = Err(AccessRefusal::WrongMethod(Asked::Change));
            assert_eq!(of(method, Asked::Change, &[host, json]), refused, "{method}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""]
        {
            let came = of("POST", Asked::Change, &[host, ("content-type", kind)]);
            assert_eq!(came, Err(AccessRefusal::NotJson), "{kind}");
        }
        assert_eq!(of("POST", Asked::Change, &[host]), Err(AccessRefusal::NotJson));
        assert_eq!(read(&[("content-length", "0")]), Ok(()));
        assert_eq!(read(&[("content-length", "3")]), Err(AccessRefusal::BodyOfRead));
        assert_eq!(read(&[("transfer-encoding", "chunked")]), Err(AccessRefusal::BodyOfRead));
    }
}
