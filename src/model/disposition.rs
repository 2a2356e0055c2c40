//! What a vendor's answer means, and whether an operation may be sent again.

use super::word::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// The meaning of one attempt's answer, from the provider's tables.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Disposition {
        /// The vendor did it.
        Succeeded = "succeeded",
        /// The vendor did it, with a warning.
        Warning = "warning",
        /// Nothing to do: it was already so.
        Unchanged = "unchanged",
        /// Rejected because of the rate, and provably without effect. Wait, lower the rate, send again.
        Throttled = "throttled",
        /// Not served, and provably without effect. Wait and send again.
        Unavailable = "unavailable",
        /// The token has expired. Renew it once and send again.
        ExpiredToken = "expired_token",
        /// This request was rejected. Sending it again does not help.
        Rejected = "rejected",
        /// Credentials, permission or quota: every row would be refused, so the run stops.
        Refused = "refused",
        /// The quota of the day is used up. The run waits until it resets.
        QuotaExhausted = "quota_exhausted",
        /// It may or may not have taken effect.
        Unknown = "unknown",
    }
}

impl Disposition {
    /// Whether the effect exists.
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
    /// What may follow a call whose answer was lost.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Repeat {
        /// Send again: it is a read, or a write that has no second effect.
        Safe = "safe",
        /// Send again with the same idempotency key.
        Keyed = "keyed",
        /// Ask the operation's lookup.
        Lookup = "lookup",
        /// The outcome is unknown at once.
        Never = "never",
    }
}

impl Repeat {
    /// Whether a step may choose it, if its operation leaves the choice open.
    #[must_use]
    pub fn may_be_said_by_a_step(self) -> bool {
        match self {
            Self::Safe | Self::Never => true,
            Self::Keyed | Self::Lookup => false,
        }
    }
}

impl Repeat {
    /// Whether a call is sent again after a lost answer without a lookup.
    #[must_use]
    pub fn resends(self) -> bool {
        match self {
            Self::Safe | Self::Keyed => true,
            Self::Lookup | Self::Never => false,
        }
    }
}
