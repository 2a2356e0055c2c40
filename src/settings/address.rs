//! Checks base URLs: https everywhere, http for loopback addresses only.

use url::Url;

use crate::provider::{check_base_url, is_loopback};

/// A checked base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The URL without a trailing slash.
    pub(super) url: String,
    /// Whether it is a loopback address of this machine.
    pub(super) loopback: bool,
}

/// Checks a base URL.
///
/// # Errors
/// The text is not a URL that may be used; the message says what to write.
pub(super) fn parse(text: &str) -> Result<Address, String> {
    let url = Url::parse(text.trim())
        .map_err(|_| format!("`{text}` is not a URL: write it in full, such as `https://api.example.com`"))?;
    let loopback = is_loopback(url.as_str());
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => {
            return Err(format!(
                "`{text}` would send credentials in the clear: write `https://`; `http://` is for this machine's own addresses only"
            ));
        }
        other => return Err(format!("`{other}:` is not spoken here: write `https://…`")),
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{text}` names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a base URL holds no user or password: put them under `credentials`".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("`{text}` has a `?` or `#` part, which a base URL cannot have"));
    }
    check_base_url(text.trim())?;
    Ok(Address { url: url.as_str().trim_end_matches('/').to_owned(), loopback })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_addresses_are_refused() {
        for bad in [
            "",
            "api.example.com",
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "http://localhost.example.com",
            "https://user:word@example.com",
            "https://example.com/?a=1",
            "https://example.com/#a",
            "ftp://example.com",
            "file:///etc/passwd",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for here in [
            "http://localhost:8470",
            "http://ess.localhost:8470",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:80",
            "https://localhost/",
        ] {
            assert!(parse(here).is_ok_and(|address| address.loopback), "{here}");
        }
        let there = parse("https://api.example.com/v1/").unwrap();
        assert_eq!(there, Address { url: "https://api.example.com/v1".to_owned(), loopback: false });
    }
}
