//! Requests and answers as plain data, and the reasons why a request got no answer.

use super::word::words;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

words! {
    /// An HTTP method.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub enum Method {
        /// GET
        Get = "GET",
        /// POST
        Post = "POST",
        /// PUT
        Put = "PUT",
        /// PATCH
        Patch = "PATCH",
        /// DELETE
        Delete = "DELETE",
        /// HEAD
        Head = "HEAD",
    }
}

impl Method {
    /// Reads a method's name in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text))
    }
}

/// A request as it is sent: absolute URL, all headers, exact body bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL with its query.
    pub url: String,
    /// The headers in order, with their names as they are sent.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; empty means no body.
    pub body: Bytes,
}

/// An answer as it was received: status, headers, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Bytes,
}

impl Response {
    /// The first header with this name, in any letter case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SendError {
    /// It provably did not reach the vendor: no connection was made.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It was not sent, and the vendor is not the cause: this machine lacks a resource, such as open files.
    #[error("not sent: {0}")]
    Shortage(String),
    /// It provably did not reach the vendor: the server could not be trusted, which is the same for every call.
    #[error("not sent: {0}")]
    Untrusted(String),
    /// It may have reached the vendor, but no answer arrived.
    #[error("no answer: {0}")]
    NoAnswer(String),
}
