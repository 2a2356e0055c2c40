//! What an attempt's answer means, and whether an operation may be sent again.

use super::word::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What one attempt came to, read from the provider's table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Disposition {
        /// The vendor says it is done.
        Succeeded = "succeeded",
        /// Done, with the vendor's warning.
        Warning = "warning",
        /// The vendor says it was so already.
        Unchanged = "unchanged",
        /// Refused at the gate for pace; provably without effect. Wait, lower the rate, send again.
        Throttled = "throttled",
        /// Not served and provably without effect; wait and send again.
        Unavailable = "unavailable",
        /// The token ran out; renew it once and send again.
        ExpiredToken = "expired_token",
        /// This row's request was refused; no repeat helps.
        Rejected = "rejected",
        /// Credentials, permission or quota: every row would be refused; the run stops.
        Refused = "refused",
        /// A quota of the day is used up: the run holds until it resets.
        QuotaExhausted = "quota_exhausted",
        /// It may or may not have taken effect.
        Unknown = "unknown",
    }
}

impl Disposition {
    /// Whether the effect stands.
    #[must_use]
    pub fn is_done(self) -> bool {
        match self {
            Self::Succeeded | Self::Warning | Self::Unchanged => true,
            Self::Throttled
            | Self::Unavailable
            | Self::ExpiredToken
            | Self::Rejected
            | Self::Refused
            | Self::QuotaExhausted
            | Self::Unknown => false,
        }
    }
}

words! {
    /// What may follow an answer that never came.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Repeat {
        /// Sent again: a read, or a write whose second effect equals the first.
        Safe = "safe",
        /// Sent again under the same idempotency key.
        Keyed = "keyed",
        /// The operation's lookup decides.
        Lookup = "lookup",
        /// Unknown, at once.
        Never = "never",
    }
}

impl Repeat {
    /// Whether a step may say it, where its operation leaves it open.
    #[must_use]
    pub fn may_be_said_by_a_step(self) -> bool {
        match self {
            Self::Safe | Self::Never => true,
            Self::Keyed | Self::Lookup => false,
        }
    }
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
