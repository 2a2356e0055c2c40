//! Turns a request as plain data into one of reqwest, and parses the URL it goes to.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::failure::not_made;
use crate::model::{Method, Request, SendError};

/// The most headers that reqwest and hyper add: `Accept`, `Accept-Encoding`, `User-Agent`, `Host`, `Content-Length`,
/// `Proxy-Authorization`.
const ADDED: usize = 6;

/// Makes the request for `url`, which must be the parsed `request.url`. Header values and body are moved, not
/// copied.
///
/// # Errors
/// [`SendError::NotSent`] if a header has a name or a value that cannot be sent.
pub(super) fn outgoing(request: Request, url: Url) -> Result<reqwest::Request, SendError> {
    let mut headers = HeaderMap::with_capacity(request.headers.len() + ADDED);
    for (name, value) in request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| not_made(&error))?;
        headers.append(name, HeaderValue::try_from(value).map_err(|error| not_made(&error))?);
    }
    let mut outgoing = reqwest::Request::new(method(request.method), url);
    *outgoing.headers_mut() = headers;
    if !request.body.is_empty() {
        *outgoing.body_mut() = Some(request.body.into());
    }
    Ok(outgoing)
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
        Method::Head => reqwest::Method::HEAD,
    }
}

/// Parses a URL. Its path and query reach the network byte for byte if nothing in them has to be encoded or resolved.
///
/// # Errors
/// [`SendError::NotSent`] if it is not a URL that can be called.
pub(super) fn parse_url(text: &str) -> Result<Url, SendError> {
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
    fn a_path_that_needs_no_encoding_stays_byte_for_byte() {
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
            assert_eq!(parse_url(&url).unwrap().as_str(), url);
        }
    }

    #[test]
    fn a_bad_url_is_refused_without_being_shown() {
        for wrong in ["", "/path", "ftp://h/person", "https://u:person@h/", "https://", "http://[::1/person"] {
            let told = parse_url(wrong);
            assert!(matches!(&told, Err(SendError::NotSent(why)) if !why.contains("person")), "{wrong}: {told:?}");
        }
    }
}
