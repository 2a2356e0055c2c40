//! Checks base URLs, and finds the origin of a URL.

use std::net::IpAddr;

use url::{Origin, Position, Url};

/// Checks a base URL. Plain HTTP is accepted for loopback addresses only.
///
/// # Errors
/// A message that says what is wrong with the URL and what to write.
pub fn check_base_url(url: &str) -> Result<(), String> {
    base_origin(url).map(|_| ())
}

/// The origin of a base URL.
///
/// # Errors
/// As for [`check_base_url`].
pub(crate) fn base_origin(url: &str) -> Result<Origin, String> {
    check_scheme(url)?;
    let found = origin_of(url).filter(|(parsed, found)| is_plain(url, parsed) && is_origin_of(url, found));
    found.map(|(_, origin)| origin).ok_or_else(|| {
        format!(
            "`{url}` is not a base URL: it is read in another way than it is written; leave out `?`, `#`, `//`, dots and \
             all that is to be percent-encoded"
        )
    })
}

/// Checks that a URL names a host, and that it is encrypted unless the host is a loopback address.
///
/// # Errors
/// A message that says what is wrong with the URL and what to write.
pub(crate) fn check_scheme(url: &str) -> Result<(), String> {
    let Some((scheme, host, _)) = parts(url) else {
        return Err(format!(
            "`{url}` is not a base URL: write `https://` and a host, such as `https://api.example.com`"
        ));
    };
    if scheme == "http" && !is_loopback_host(&host) {
        return Err(format!("`{url}` is not encrypted: `http://` is for loopback addresses only, write `https://`"));
    }
    Ok(())
}

/// Whether our own reading of the origin agrees with the transport's parser.
fn is_origin_of(url: &str, found: &Origin) -> bool {
    origin(url).is_some_and(|own| own == found.ascii_serialization())
}

/// Whether a base URL has a plain path and nothing else.
fn is_plain(url: &str, parsed: &Url) -> bool {
    let whole = parsed.query().is_none() && parsed.fragment().is_none();
    let path = parsed.path().trim_end_matches('/');
    whole && is_kept(url, parsed) && !path.contains("//")
}

/// Whether a URL names this machine: `localhost`, a name under `.localhost`, an address of 127.0.0.0/8, or `[::1]`.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    parts(url).is_some_and(|(_, host, _)| is_loopback_host(&host))
}

/// Whether a host with or without a port, such as the value of `Host`, names this machine.
#[must_use]
pub fn is_loopback_authority(authority: &str) -> bool {
    !authority.contains(['/', '?', '#']) && is_loopback(&format!("http://{authority}"))
}

/// The origin of an absolute URL, `https://host:port`, in lower case, without the scheme's default port; `None` if it
/// has none.
pub(crate) fn origin(url: &str) -> Option<String> {
    let (scheme, ..) = parts(url)?;
    Some(format!("{scheme}://{}", host(url)?))
}

/// The value of `Host` for a URL: in lower case, with its port unless it is the scheme's default; `None` if it has no
/// host.
pub(crate) fn host(url: &str) -> Option<String> {
    let (scheme, host, port) = parts(url)?;
    let own = if scheme == "https" { 443 } else { 80 };
    Some(port.filter(|port| *port != own).map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// Joins a base URL and a path that starts with `/`.
pub(crate) fn join(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Checks that the complete URL of a request has the origin of its connection. Otherwise the connection's credentials
/// would go to another host. Without a base URL, any origin is accepted.
///
/// # Errors
/// A message, if the URL has no usable origin, or another one than the base URL.
pub(crate) fn leads_to(url: &str, base: Option<&str>) -> Result<(), String> {
    leads_to_origin(url, base.map(|base| (base, origin_of(base).map(|(_, origin)| origin))))
}

/// [`leads_to`] with a base URL that was parsed before. Its origin is `None` if it has none.
///
/// # Errors
/// As for [`leads_to`].
pub(crate) fn leads_to_origin(url: &str, base: Option<(&str, Option<Origin>)>) -> Result<(), String> {
    // If our reading of the host and the parser's differed, a URL could lead elsewhere than was checked.
    let found = origin_of(url).filter(|(_, found)| is_origin_of(url, found));
    let (parsed, found) = found.ok_or("its URL names no host that can be called")?;
    if !is_kept(url, &parsed) {
        return Err("its URL would be sent in another way than it is written".to_owned());
    }
    match base {
        Some((base, known)) if known.as_ref() != Some(&found) => Err(format!(
            "it would go to `{}`, and the connection's `base_url` is `{base}`",
            found.ascii_serialization()
        )),
        Some(_) | None => Ok(()),
    }
}

/// The URL as the transport parses it, with its origin; `None` without an HTTP origin, or with a user or password.
fn origin_of(url: &str) -> Option<(Url, Origin)> {
    let url = Url::parse(url).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let origin = Some(url.origin()).filter(|origin| plain && origin.is_tuple())?;
    Some((url, origin))
}

/// Whether the transport's parser keeps path and query of a whole URL unchanged.
pub(super) fn is_kept(url: &str, parsed: &Url) -> bool {
    let written = &url[path_start(url)..];
    parsed[Position::BeforePath..] == *written || (written.is_empty() && parsed.path() == "/")
}

/// The start of the path in a whole URL.
pub(super) fn path_start(url: &str) -> usize {
    let authority = url.find("://").map_or(0, |at| at + 3);
    url[authority..].find(['/', '?', '#', '\\']).map_or(url.len(), |at| authority + at)
}

/// Scheme, host (brackets kept) and port.
fn parts(url: &str) -> Option<(&'static str, String, Option<u16>)> {
    let (scheme, rest) = match url.split_once("://")? {
        (scheme, rest) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        (scheme, rest) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, after)) => {
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (&authority[..address.len() + 2], after.strip_prefix(':').or((!after.is_empty()).then_some("x")))
        }
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':');
    if host.is_empty() || !host.chars().all(sound) {
        return None;
    }
    let port = match port {
        Some(port) => Some(port.parse().ok()?),
        None => None,
    };
    Some((scheme, host.to_lowercase(), port))
}

fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let named = bare == "localhost" || bare.strip_suffix(".localhost").is_some_and(|label| !label.is_empty());
    named || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_and_unencrypted_urls_are_refused() {
        for bad in [
            "",
            "api.example.com",
            "ftp://x",
            "https://",
            "https://user:pw@host",
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "https://a b",
            "https://host:99999",
            "https://host:",
            "https://[::1",
            "http://[2001:db8::1]",
            "https:///x",
            "https:/x",
            "https:x",
            "HTTPS:\\\\h",
            "//h/x",
            "https://h/?a=1",
            "https://h/#a",
            "https://h/a/../b",
            "https://h/%2e%2e/b",
            "https://h//b",
            "https://h/a b",
            "https://h\\@evil.example",
            "https://h/\\b",
            "\thttps://h",
            "https://h\n",
            "https://\u{430}pi.example.com",
            "https://2130706433",
            "https://h/\u{9810}",
        ] {
            assert!(check_base_url(bad).is_err(), "{bad}");
        }
        for good in ["https://api.example.com/v1/", "http://127.0.0.1:9000", "http://localhost", "http://[::1]:8080"] {
            assert_eq!(check_base_url(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn loopback_is_recognised_by_address_and_name() {
        for yes in [
            "http://127.0.0.1:80",
            "http://localhost/x",
            "http://[::1]:9/",
            "http://127.8.8.8",
            "http://ess.localhost:8470",
            "https://A.B.LOCALHOST",
        ] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in [
            "http://10.0.0.1",
            "https://localhost.example.com",
            "nonsense",
            "http://[::2]/",
            "http://.localhost",
            "http://notlocalhost",
            "http://ess.localhost.example.com",
        ] {
            assert!(!is_loopback(no), "{no}");
        }
    }

    #[test]
    fn a_complete_url_is_compared_with_the_connection_as_the_transport_parses_it() {
        let base = Some("https://api.example.com/v1");
        for here in [
            "https://api.example.com/v1/things",
            "https://API.example.com:443/",
            "https://api.example.com//evil.example/x",
            "https://api.example.com/@evil.example/x",
            "https://api.example.com/v1/?u=https://evil.example/",
        ] {
            assert_eq!(leads_to(here, base), Ok(()), "{here}");
        }
        for elsewhere in [
            "https://evil.example/v1",
            "http://api.example.com/v1",
            "https://api.example.com:444/v1",
            "https://api.example.com.evil.example/",
            "https://api.example.com@evil.example/",
            "https://api.example.com:443@evil.example/",
            "https://evil.example\\@api.example.com/",
            "https:\\\\evil.example/api.example.com",
            "\thttps://evil.example/",
            "https://api.exam\u{ff0f}ple.com/",
            "https://user@api.example.com/",
            "https:api.example.com/v1",
            "https://api.example.com\\@evil.example/",
            "//api.example.com/v1",
            "/v1/things",
            "data:text/plain,x",
            "file:///etc/passwd",
            "blob:https://api.example.com/x",
            "ws://api.example.com/",
            "",
        ] {
            assert!(leads_to(elsewhere, base).is_err(), "{elsewhere}");
        }
        assert!(leads_to("https://anywhere.example/", None).is_ok() && leads_to("file:///etc/passwd", None).is_err());
        assert!(leads_to("https://anywhere.example/", Some("nonsense")).is_err());
    }

    #[test]
    fn an_authority_is_a_host_with_or_without_a_port_and_nothing_else() {
        for yes in
            ["localhost", "LOCALHOST:1", "ess.localhost:8470", "127.0.0.1", "127.1.2.3:65535", "[::1]", "[::1]:1"]
        {
            assert!(is_loopback_authority(yes), "{yes}");
        }
        for no in [
            "",
            ":80",
            "example.com",
            "example.com/localhost",
            "localhost/x",
            "localhost?",
            "localhost#x",
            "x@localhost",
            "localhost@example.com",
            "localhost:x",
            "localhost:99999",
            "localhost, example.com",
            "127.0.0.1.example.com",
            "127.1",
            "2130706433",
            "0.0.0.0",
            "[::]",
            "::1",
            "[::1]x",
            "http://localhost",
        ] {
            assert!(!is_loopback_authority(no), "{no}");
        }
    }

    #[test]
    fn hosts_keep_only_ports_that_are_not_their_own() {
        assert_eq!(host("https://API.example.com:443/x").as_deref(), Some("api.example.com"));
        assert_eq!(host("http://127.0.0.1:9000").as_deref(), Some("127.0.0.1:9000"));
        assert_eq!(host("http://[::1]:80/").as_deref(), Some("[::1]"));
        assert_eq!(origin("HTTPS://h:443/a?b").as_deref(), Some("https://h"));
        assert_ne!(origin("https://h:444"), origin("https://h"));
        assert_eq!(origin("/path?u=https://x"), None);
        assert_eq!(join("https://h/base/", "/x"), "https://h/base/x");
    }
}
