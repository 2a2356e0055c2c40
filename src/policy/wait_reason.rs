//! Why a call or a row waits: one list of reasons for the journal, events, progress and reports.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::words;

words! {
    /// The reason for a wait.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum WaitReason {
        /// The back-off before an attempt is repeated
        BackOff = "back_off",
        /// The vendor said how long to wait
        RetryAfter = "retry_after",
        /// The time until a lookup is reliable, and between lookups
        Settling = "settling",
        /// The time between two reads of `until`
        Until = "until",
        /// The rate of an operation; events report it for waits of a second or more
        Limit = "limit",
        /// A pause of all calls of an operation after the vendor throttled one of them
        Throttled = "throttled",
        /// The send window
        Window = "window",
        /// A login of the connection
        Login = "login",
        /// A free place among the calls that may be under way at once
        InFlight = "in_flight",
        /// Whether the effect budget has room, which calls under way decide
        EffectBudget = "effect_budget",
        /// A person paused the run
        Paused = "paused",
        /// The vendor could not be reached; the call is tried again later
        OutOfReach = "out_of_reach",
        /// This machine had no connection left for the call
        Shortage = "shortage",
        /// Another run had the same call under way
        OtherRun = "other_run",
        /// The journal: the call's intent was not on the disk yet
        Journal = "journal",
    }
}

impl WaitReason {
    /// What is waited for, to follow the words "waited 3 s for".
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::BackOff => "the back-off before the next attempt",
            Self::RetryAfter => "the time that the vendor asked to wait (Retry-After)",
            Self::Settling => "the time until a lookup is reliable",
            Self::Until => "the next read of `until`",
            Self::Limit => "the rate limit",
            Self::Throttled => "the end of the pause after a throttled answer",
            Self::Window => "the send window to open",
            Self::Login => "a login",
            Self::InFlight => "a free place among the calls under way",
            Self::EffectBudget => "room in the effect budget",
            Self::Paused => "the end of a pause that a person ordered",
            Self::OutOfReach => "the vendor, which could not be reached",
            Self::Shortage => "a connection, of which this machine had none left",
            Self::OtherRun => "another run that had the same call under way",
            Self::Journal => "the journal to be written to the disk",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_serialized_as_its_word_and_has_words_of_its_own() {
        for reason in WaitReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
            let same = WaitReason::ALL.into_iter().filter(|other| other.in_words() == reason.in_words());
            assert_eq!(same.count(), 1, "{}", reason.in_words());
        }
    }
}
