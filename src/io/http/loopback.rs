//! Which addresses are this machine's own: they are never reached through a proxy.

use url::{Host, Url};

/// Whether a URL's host is this machine by address or by name.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| names_loopback(&url))
}

pub(super) fn names_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_by_address_and_name() {
        for yes in ["http://127.0.0.1:80", "http://localhost/x", "http://[::1]:9/", "http://127.8.8.8"] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in ["http://10.0.0.1", "https://localhost.example.com", "nonsense", "http://[::2]/"] {
            assert!(!is_loopback(no), "{no}");
        }
    }
}
