//! What the scheduler tells a row of a call that was sent, and what the row tells it back.

use std::time::Duration;

use crate::journal::EffectState;
use crate::model::{Response, RunId, SendError, Time};
use crate::policy::StopReason;

/// What became of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum CallResult {
    /// An answer came.
    Answered(Response),
    /// None came.
    Failed(SendError),
    /// It could not be authenticated, so it was not sent; nor could any other of its connection.
    Unauthenticated(String),
    /// Not sent: another run sent the same before.
    DoneBefore {
        /// The run.
        run: RunId,
        /// What became of it there.
        state: EffectState,
    },
    /// Not sent: another run, which is alive, has the same under way.
    LeftTo(RunId),
    /// Not sent: the calls of the day are used up, by this machine's own count.
    QuotaUsedUp {
        /// Which, in words.
        what: String,
        /// When they come back.
        until: Time,
    },
}

/// The surroundings of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct RunSignals {
    /// Fresh tokens are refused time and again: the credentials are no good.
    pub token_hopeless: bool,
    /// Another call has told of the token's end already, or there is a newer one.
    pub token_known_expired: bool,
    /// No call of the connection gets through at present; that is no row's fault.
    pub out_of_reach: bool,
    /// The answer is one of a lookup for several rows, and another row counts it.
    pub joined: bool,
}

/// What the scheduler must know of an answer besides the row's own facts.
#[derive(Debug, Default)]
pub(in crate::engine) struct AnswerEffects {
    /// The budget is refused for pace; the vendor's own wait.
    pub throttled: Option<Option<Duration>>,
    /// The connection's token has run out.
    pub token_expired: bool,
    /// The vendor took the token.
    pub token_accepted: bool,
    /// The run must stop.
    pub stop: Option<StopReason>,
    /// The run that has the same call under way; the row is left until that one has said what became of it.
    pub left_to: Option<RunId>,
    /// Until when the vendor asked to wait, by `Retry-After`.
    pub asked_until: Option<Time>,
    /// What kept the call from being done, where that may pass; our words or the vendor's code, never its words.
    pub trouble: Option<String>,
}
