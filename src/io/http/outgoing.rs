//! Turns a request as plain data into reqwest's; header values and body are moved, not copied.

use std::time::Duration;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::failure::not_made;
use crate::model::{Method, Request, SendError};

/// Headers that reqwest and hyper add at most: `Accept`, `Accept-Encoding`, `User-Agent`, `Host`, `Content-Length`,
/// `Proxy-Authorization`.
const ADDED: usize = 6;

/// Makes the request for `url`, which must be the parsed `request.url`. Its answer must be read within `timeout`.
///
/// # Errors
/// Not sent: a header has a name or a value that cannot be sent.
pub(super) fn outgoing(request: Request, url: Url, timeout: Duration) -> Result<reqwest::Request, SendError> {
    let mut headers = HeaderMap::with_capacity(request.headers.len() + ADDED);
    for (name, value) in request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| not_made(&error))?;
        headers.append(name, HeaderValue::try_from(value).map_err(|error| not_made(&error))?);
    }
    let mut outgoing = reqwest::Request::new(method(request.method), url);
    *outgoing.headers_mut() = headers;
    *outgoing.timeout_mut() = Some(timeout);
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
