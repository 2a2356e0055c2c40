//! The words for what went wrong: an error with its causes, never the URL, which may hold personal data.

use std::error::Error;

use crate::model::SendError;

/// An error and its causes, each once.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        cause = error.source();
    }
    parts.join(": ")
}

/// A request that cannot be put on the wire at all.
pub(super) fn not_made(error: &(dyn Error + 'static)) -> SendError {
    SendError::NotSent(format!("the request could not be made: {}", chain(error)))
}

/// The vendor took too long.
pub(super) fn too_late() -> SendError {
    SendError::NoAnswer("no answer within the time allowed".to_owned())
}
