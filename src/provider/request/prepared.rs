//! A request before authentication, and its hash.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::model::{Method, hex};

/// A request built from the inputs, without base URL, token, signature and values that change per attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedRequest {
    /// The method.
    pub method: Method,
    /// Path and query, percent-encoded; an absolute URL only for an open operation.
    pub path_and_query: String,
    /// Headers without credentials.
    pub headers: Vec<(String, String)>,
    /// The exact body; empty means none.
    pub body: Bytes,
}

impl PreparedRequest {
    /// The SHA-256 of method, path, query and body, in hex.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(self.method.as_str());
        digest.update(b"\n");
        digest.update(&self.path_and_query);
        digest.update(b"\n");
        digest.update(&self.body);
        hex(&digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(method: Method, path: &str, body: &'static str) -> PreparedRequest {
        PreparedRequest {
            method,
            path_and_query: path.into(),
            headers: Vec::new(),
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn every_part_makes_a_difference_and_parts_do_not_run_together() {
        let base = prepared(Method::Post, "/a", "b");
        for other in [
            prepared(Method::Put, "/a", "b"),
            prepared(Method::Post, "/a?x=1", "b"),
            prepared(Method::Post, "/a", "c"),
            prepared(Method::Post, "/", "a\nb"),
        ] {
            assert_ne!(base.hash(), other.hash());
        }
        assert_eq!(base.hash().len(), 64);
        let mut headed = base.clone();
        headed.headers.push(("X-A".into(), "1".into()));
        assert_eq!(base.hash(), headed.hash());
    }
}
