//! What the scheduler passes to a row about a call that was sent, and what the row returns.

use std::time::Duration;

use crate::journal::EffectState;
use crate::model::{Response, RunId, SendError, Time};
use crate::policy::StopReason;

/// What became of a [`super::super::SendOrder`].
#[derive(Debug, Clone, PartialEq)]
pub enum CallResult {
    /// The vendor answered.
    Answered(Response),
    /// No answer came.
    Failed(SendError),
    /// Not sent: the credentials of its connection could not be obtained, which concerns every call. The reason as a
    /// sentence.
    Unauthenticated(String),
    /// Not sent: an earlier run made the same effect, or may have.
    DoneBefore {
        /// The earlier run.
        run: RunId,
        /// What that run's journal says of the effect.
        state: EffectState,
    },
    /// Not sent: a run that is alive now has the same call under way.
    LeftTo(RunId),
    /// Not sent: this machine has counted as many calls today as the vendor allows per day.
    QuotaUsedUp {
        /// The calls that are counted, in words.
        what: String,
        /// When the next day of the count begins.
        until: Time,
    },
}

/// What a row cannot know by itself when an answer comes: the state of the rest of the run.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct RunSignals {
    /// Several fresh tokens in a row were refused, or the connection has no login: a new token will not help.
    pub token_hopeless: bool,
    /// It was already known that the token of the call had expired, from another call or because there is a newer
    /// token.
    pub token_known_expired: bool,
    /// The last calls of the connection did not reach the vendor, so the row is not the cause.
    pub out_of_reach: bool,
    /// The answer belongs to a lookup for several rows, and another row counts it.
    pub joined: bool,
}

/// The effects of an answer beyond its row: on rates, tokens, the progress display and the whole run.
#[derive(Debug, Default)]
pub(in crate::engine) struct AnswerEffects {
    /// The vendor throttled the call. Inside: how long it asked to wait; `None` if it did not say.
    pub throttled: Option<Option<Duration>>,
    /// The connection's token has expired.
    pub token_expired: bool,
    /// The vendor accepted the token.
    pub token_accepted: bool,
    /// Why the run must stop; `None` if it goes on.
    pub stop: Option<StopReason>,
    /// The other run that has the same call under way; the row stays as it is.
    pub left_to: Option<RunId>,
    /// The end of a wait that the vendor asked for by `Retry-After`; `None` if the call does not wait.
    pub asked_until: Option<Time>,
    /// A temporary failure of the call: runsheet's message or the vendor's code, never the vendor's message.
    pub trouble: Option<String>,
}
