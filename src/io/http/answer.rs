//! Reads an answer into plain data: status, headers, and a body of bounded size.

use bytes::{Bytes, BytesMut};

use super::failure::broken_off;
use crate::model::{Response, SendError};

/// Reads an answer to its last byte.
///
/// # Errors
/// [`SendError::NoAnswer`] if the body is cut, late or larger than `max_body` bytes.
pub(super) async fn read(mut answer: reqwest::Response, max_body: usize) -> Result<Response, SendError> {
    let status = answer.status().as_u16();
    let headers = std::mem::take(answer.headers_mut())
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(Response { status, headers, body: body(answer, max_body).await? })
}

async fn body(mut answer: reqwest::Response, max_body: usize) -> Result<Bytes, SendError> {
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    let mut length = 0;
    while let Some(part) = answer.chunk().await.map_err(broken_off)? {
        length += part.len();
        if length > max_body {
            return Err(SendError::NoAnswer(format!("the answer is larger than {max_body} bytes")));
        }
        // A body that arrives in one part is not copied.
        if length == part.len() {
            whole = part;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut whole));
            joined.extend_from_slice(&part);
        }
    }
    Ok(if joined.is_empty() { whole } else { joined.freeze() })
}
