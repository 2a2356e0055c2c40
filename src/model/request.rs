//! Requests and answers as plain data, and why a request brought no answer.

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

/// A request as it goes out: absolute URL, all headers, the exact body bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL with its query.
    pub url: String,
    /// Headers in order; names as they are sent.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; empty means no body.
    pub body: Bytes,
}

/// An answer as it came: status, headers, body.
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
    /// The first header of that name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a request brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SendError {
    /// Provably never reached the vendor: the connection was not made.
    #[error("not sent: {0}")]
    NotSent(String),
    /// Not sent, and no fault of the vendor: this machine lacks what a connection takes, such as a file that may be opened.
    #[error("not sent: {0}")]
    Shortage(String),
    /// Provably never reached the vendor: who answered could not be trusted, which is the same for every call.
    #[error("not sent: {0}")]
    Untrusted(String),
    /// Something may have reached the vendor; its answer did not reach us.
    #[error("no answer: {0}")]
    NoAnswer(String),
}
