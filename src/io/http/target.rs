//! Reads the URL of a call.

use url::Url;

use super::failure::not_made;
use crate::model::SendError;

/// Parses a URL. What reaches the network is its path and query; both stay byte for byte where nothing in them has to
/// be encoded or resolved.
///
/// # Errors
/// Not sent: it is no URL that can be called.
pub(super) fn parse(text: &str) -> Result<Url, SendError> {
    let url = Url::parse(text).map_err(|error| not_made(&error))?;
    let refused = |why: &str| Err(SendError::NotSent(format!("the request could not be made: {why}")));
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return refused("URL scheme is not allowed");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("a URL holds no user or password");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_change_stays_byte_for_byte() {
        for rest in [
            "/",
            "/a/b?c=d&e=%20+f",
            "/a//b",
            "/a?b?c",
            "/a.b/c..d",
            "/?a=/.",
            "/%2F",
            "/%zz",
            "/a%",
            "/.well-known/x",
            "/a-._~!$&'()*+,;=:@%41",
            "/a?-._~!$&()*+,;=:@%41/?",
        ] {
            let url = format!("https://api.example.com:8443{rest}");
            assert_eq!(parse(&url).unwrap().as_str(), url);
        }
    }

    #[test]
    fn what_is_no_url_is_not_sent_and_not_repeated() {
        for wrong in ["", "/path", "ftp://h/person", "https://u:person@h/", "https://", "http://[::1/person"] {
            let told = parse(wrong);
            assert!(matches!(&told, Err(SendError::NotSent(why)) if !why.contains("person")), "{wrong}: {told:?}");
        }
    }
}
