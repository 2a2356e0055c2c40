//! The result of reading one answer.

use super::redirect::Redirect;
use super::retry_after::RetryAfter;
use crate::model::{Disposition, Map, Time, Value};

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The meaning for the attempt.
    pub disposition: Disposition,
    /// The vendor's code; `http 503` if the body has none.
    pub code: Option<String>,
    /// The vendor's message, or runsheet's if the answer could not be read. It is never used to decide.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The declared outputs, null if absent; empty unless the call is done.
    pub outputs: Map,
    /// The whole body; null if it is empty. If any body is accepted and it is not JSON: its text, or a mark with the
    /// reason why it is unreadable.
    pub body: Value,
    /// How long the vendor asks to wait; `None` if it does not.
    pub retry_after: Option<RetryAfter>,
    /// What to do; `None` unless the whole run or its token is refused.
    pub remedy: Option<Remedy>,
    /// Where the vendor redirects the call; `None` if it does not.
    pub redirect: Option<Redirect>,
}

/// What to do about a refusal of the whole run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// The provider file's advice for the code.
    pub advice: Option<String>,
    /// Whether the vendor considers this machine's clock wrong.
    pub clock: bool,
    /// When the answer was made, by the vendor's clock; `None` without a readable `Date` header.
    pub dated: Option<Time>,
}
