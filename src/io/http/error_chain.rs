//! The chain of causes behind an error of the HTTP client.

use std::error::Error;
use std::iter::successors;

use hyper_util::client::legacy::Error as ClientError;

/// The causes of an error as text, each once, without layers that only name a phase.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error).filter(|cause| !cause.is::<reqwest::Error>() && !cause.is::<ClientError>()) {
        let text = cause.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    if parts.is_empty() { "the request failed".to_owned() } else { parts.join(": ") }
}

/// The error and its sources.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}
