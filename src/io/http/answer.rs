//! From hyper's answer to plain data: status, headers, and a body within its bound.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};

use super::failure::chain;
use crate::model::{Response, SendError};

/// The next part of a body, or its end.
pub(super) type Part = Poll<Option<Result<Bytes, SendError>>>;

/// Reads an answer to its end; `next` says how its parts come.
pub(super) async fn read(
    answer: hyper::Response<Incoming>,
    max_body: usize,
    mut next: impl FnMut(&mut Context<'_>, &mut Incoming) -> Part,
) -> Result<Response, SendError> {
    let (head, mut body) = answer.into_parts();
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    let mut length = 0;
    while let Some(part) = poll_fn(|cx| next(cx, &mut body)).await.transpose()? {
        length += part.len();
        if length > max_body {
            return Err(SendError::NoAnswer(format!("the answer is larger than {max_body} bytes")));
        }
        // One part alone is handed on as it came.
        match (whole.is_empty(), joined.is_empty()) {
            (true, true) => whole = part,
            (false, _) => {
                joined.extend_from_slice(&std::mem::take(&mut whole));
                joined.extend_from_slice(&part);
            }
            (true, false) => joined.extend_from_slice(&part),
        }
    }
    let body = if joined.is_empty() { whole } else { joined.freeze() };
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(Response { status: head.status.as_u16(), headers, body })
}

/// The next bytes of a body; trailers are no part of it.
pub(super) fn part(cx: &mut Context<'_>, body: &mut Incoming) -> Part {
    while !body.is_end_stream() {
        match ready!(Pin::new(&mut *body).poll_frame(cx)) {
            None => break,
            Some(Err(error)) => {
                let why = format!("the answer broke off: {}", chain(&error));
                return Poll::Ready(Some(Err(SendError::NoAnswer(why))));
            }
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Poll::Ready(Some(Ok(bytes)));
                }
            }
        }
    }
    Poll::Ready(None)
}
