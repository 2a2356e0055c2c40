//! What the scheduler tells a row about a call that was sent, and what the row tells it back.

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
    /// Not sent: the credentials of its connection could not be had, for whatever call. In words, why.
    Unauthenticated(String),
    /// Not sent: an earlier run made the same effect, or may have.
    DoneBefore {
        /// The earlier run.
        run: RunId,
        /// What that run's journal says of the effect.
        state: EffectState,
    },
    /// Not sent: a run that is alive at this moment has the same call under way.
    LeftTo(RunId),
    /// Not sent: this machine has counted as many calls today as the vendor allows a day.
    QuotaUsedUp {
        /// Which calls are counted, for people.
        what: String,
        /// When the next day of the count begins.
        until: Time,
    },
}

/// What the row cannot know by itself when an answer comes: how the rest of the run stands.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct RunSignals {
    /// Several fresh tokens in a row were refused, or the connection has no login: a new token will not help.
    pub token_hopeless: bool,
    /// The end of the token that the call used was known already, from another call or because there is a newer token.
    pub token_known_expired: bool,
    /// The last calls of the connection did not reach the vendor, so that no row is to blame.
    pub out_of_reach: bool,
    /// The answer is one of a lookup for several rows, and another row counts it.
    pub joined: bool,
}

/// What an answer means beyond its row: for rates, tokens, the progress display and the run as a whole.
#[derive(Debug, Default)]
pub(in crate::engine) struct AnswerEffects {
    /// The vendor refused the call for its pace. Inside: how long it asked to wait; `None` where it did not say.
    pub throttled: Option<Option<Duration>>,
    /// The connection's token has expired.
    pub token_expired: bool,
    /// The vendor accepted the token.
    pub token_accepted: bool,
    /// Why the run must stop; `None` where it goes on.
    pub stop: Option<StopReason>,
    /// The other run that has the same call under way: the row is left as it stands.
    pub left_to: Option<RunId>,
    /// Until when the vendor asked to wait by `Retry-After`, where the call waits for it.
    pub asked_until: Option<Time>,
    /// Passing trouble that kept the call from being done: our words or the vendor's code, never the vendor's words.
    pub trouble: Option<String>,
}
