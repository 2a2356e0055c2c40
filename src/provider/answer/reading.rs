//! The result of reading one answer.

use super::redirect::Redirect;
use super::retry_after::RetryAfter;
use crate::model::{Disposition, Map, Time, Value};

/// The result of reading one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it means for the attempt.
    pub disposition: Disposition,
    /// The vendor's code, or `http 503` where the body tells none.
    pub code: Option<String>,
    /// The vendor's message, or ours where the answer could not be read; never used to decide.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The declared outputs, null where absent; empty unless done.
    pub outputs: Map,
    /// The whole body. Null if it is empty; if any body is accepted and it is not JSON: its text, or a mark that says
    /// why it is unreadable.
    pub body: Value,
    /// How long the vendor asks to wait.
    pub retry_after: Option<RetryAfter>,
    /// How to get out of it; `None` unless the whole run or its token is refused.
    pub remedy: Option<Remedy>,
    /// Where the call is to be sent instead.
    pub redirect: Option<Redirect>,
}

/// How to get out of a refusal of the whole run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// The provider file's advice for the code.
    pub advice: Option<String>,
    /// Whether the vendor finds this machine's clock wrong.
    pub clock: bool,
    /// When the answer was made, by the vendor's clock; `None` without a readable `Date` header.
    pub dated: Option<Time>,
}
