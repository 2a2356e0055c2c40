//! From a request as plain data to hyper's: names and values are taken over, not copied.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Uri};

use super::failure::not_made;
use crate::model::{self, SendError};

/// Headers that are added at most: `User-Agent`, `Accept`, `Host`, `Proxy-Authorization`.
const ADDED: usize = 4;

/// A request that does not know yet over which connection it goes.
pub(super) struct Outgoing {
    method: Method,
    /// Path and query.
    pub(super) path: PathAndQuery,
    /// All headers but those of the connection.
    pub(super) headers: HeaderMap,
    body: Bytes,
}

impl Outgoing {
    /// Makes one.
    ///
    /// # Errors
    /// A header that cannot be sent.
    pub(super) fn new(
        method: model::Method,
        path: PathAndQuery,
        given: Vec<(String, String)>,
        body: Bytes,
    ) -> Result<Self, SendError> {
        let mut headers = HeaderMap::with_capacity(given.len() + ADDED);
        for (name, value) in given {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| not_made(&error))?;
            headers.append(name, HeaderValue::try_from(value).map_err(|error| not_made(&error))?);
        }
        headers.entry(USER_AGENT).or_insert_with(user_agent);
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        Ok(Self { method: in_hyper(method), path, headers, body })
    }

    /// The request for `uri`.
    pub(super) fn into_request(self, uri: Uri) -> hyper::Request<Full<Bytes>> {
        let mut request = hyper::Request::new(Full::new(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers;
        request
    }
}

/// How this program names itself.
pub(super) fn user_agent() -> HeaderValue {
    HeaderValue::from_static(concat!("runsheet/", env!("CARGO_PKG_VERSION")))
}

fn in_hyper(method: model::Method) -> Method {
    match method {
        model::Method::Get => Method::GET,
        model::Method::Post => Method::POST,
        model::Method::Put => Method::PUT,
        model::Method::Patch => Method::PATCH,
        model::Method::Delete => Method::DELETE,
        model::Method::Head => Method::HEAD,
    }
}
