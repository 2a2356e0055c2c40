//! What one answer came to.

use super::redirect::Redirect;
use super::retry_after::RetryAfter;
use crate::model::{Disposition, Map, Time, Value};

/// What one answer came to.
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
    /// The whole body; null where it is empty, a text or a mark where it is not JSON and any body is taken.
    pub body: Value,
    /// How long the vendor asks to wait.
    pub retry_after: Option<RetryAfter>,
    /// What is known of the way out, where the whole run or its token is refused.
    pub remedy: Option<Remedy>,
    /// Where the call is to be sent instead.
    pub redirect: Option<Redirect>,
}

/// What is known of the way out of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// The provider file's advice for the code.
    pub advice: Option<String>,
    /// Whether the vendor finds this machine's clock wrong.
    pub clock: bool,
    /// When the answer was made, by the vendor's clock.
    pub dated: Option<Time>,
}
