//! Answers, with the headers that all of them have: nothing is stored, framed, guessed or sent elsewhere.

use std::io;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
};
use serde::Serialize;
use serde_json::json;

use crate::diagnostic::printable;
use crate::operate::Refusal;
use crate::ui::page::PageFile;

/// The body of an answer: whole, or in pieces that are made when the reader has taken those before.
pub(in crate::ui) type AnswerBody = UnsyncBoxBody<Bytes, io::Error>;

/// An answer.
pub(in crate::ui) type Answer = hyper::Response<AnswerBody>;

/// What the page may do: run its own script and style, and ask this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The other headers of every answer.
const HEADERS: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// An answer with a whole body.
fn whole(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
    with_headers(status, media_type, Full::new(body.into()).map_err(|never| match never {}).boxed_unsync())
}

fn with_headers(status: u16, media_type: &'static str, body: AnswerBody) -> Answer {
    let mut answer = hyper::Response::new(body);
    *answer.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// A file of the page.
pub(super) fn page(file: PageFile) -> Answer {
    whole(200, file.media_type(), file.content())
}

/// A value as JSON.
pub(super) fn json_of(value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(bytes) => whole(200, "application/json", bytes),
        Err(error) => failure(500, &format!("The answer cannot be written as JSON: {error}.")),
    }
}

/// JSON that was written before.
pub(super) fn json_text(text: Bytes) -> Answer {
    whole(200, "application/json", text)
}

/// A failure, with a sentence for people.
pub(in crate::ui) fn failure(status: u16, message: &str) -> Answer {
    whole(status, "application/json", json!({"error": printable(message)}).to_string())
}

/// The answer when too much is asked at once.
pub(super) fn busy() -> Answer {
    failure(503, "Too much is asked at once. Ask again.")
}

/// The answer after a defect of the program, which was printed.
pub(super) fn failed() -> Answer {
    failure(500, "This failed with an internal error.")
}

/// The failure of a use case.
pub(super) fn refused(refusal: &Refusal) -> Answer {
    let status = match refusal {
        Refusal::Usage(_) => 400,
        Refusal::Conflict(_) => 409,
        Refusal::Invalid(_) => 422,
        Refusal::Broken(_) => 500,
    };
    failure(status, &refusal.to_string())
}

/// An answer in lines of JSON that goes on until the reader leaves.
pub(super) fn lines(lines: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Answer {
    with_headers(200, "application/x-ndjson", streamed(lines))
}

/// A file in pieces, to be kept under its name.
pub(super) fn downloaded(
    name: &DownloadName,
    length: u64,
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Answer {
    let mut answer = with_headers(200, name.media_type, streamed(pieces));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{}\"", name.name));
    headers.insert(CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
    answer
}

fn streamed(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> AnswerBody {
    StreamBody::new(pieces.map(|piece| piece.map(Frame::data))).boxed_unsync()
}

/// What a download is called, and what it is.
pub(super) struct DownloadName {
    /// The name of the file that the browser writes: letters, digits, `-`, `_` and `.`.
    pub(super) name: String,
    /// Its media type.
    pub(super) media_type: &'static str,
}
