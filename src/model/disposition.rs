//! What an attempt's answer means, and whether an operation may be sent again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one attempt came to, read from the provider's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The vendor says it is done.
    Succeeded,
    /// Done, with the vendor's warning.
    Warning,
    /// The vendor says it was so already.
    Unchanged,
    /// Refused at the gate for pace; provably without effect. Wait, lower the rate, send again.
    Throttled,
    /// Not served and provably without effect; wait and send again.
    Unavailable,
    /// The token ran out; renew it once and send again.
    ExpiredToken,
    /// This row's request was refused; no repeat helps.
    Rejected,
    /// Credentials, permission or quota: every row would be refused; the run stops.
    Refused,
    /// A quota of the day is used up: the run holds until it resets.
    QuotaExhausted,
    /// It may or may not have taken effect.
    Unknown,
}

impl Disposition {
    /// Whether the effect stands.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Succeeded | Self::Warning | Self::Unchanged)
    }
}

/// What may follow an answer that never came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Sent again: a read, or a write whose second effect equals the first.
    Safe,
    /// Sent again under the same idempotency key.
    Keyed,
    /// The operation's lookup decides.
    Lookup,
    /// Unknown, at once.
    Never,
}

impl Repeat {
    /// Whether a call is sent again after a lost answer, without a lookup first.
    #[must_use]
    pub fn resends(self) -> bool {
        match self {
            Self::Safe | Self::Keyed => true,
            Self::Lookup | Self::Never => false,
        }
    }
}
