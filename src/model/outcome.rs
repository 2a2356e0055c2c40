//! How steps and rows ended.

use super::word::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// How a step ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum StepOutcome {
        /// The step is done.
        Succeeded = "succeeded",
        /// The step is done, with a warning of the vendor.
        Warning = "warning",
        /// Nothing to do: it was already so.
        Unchanged = "unchanged",
        /// Left out by `when`, or nothing in `for_each`.
        Skipped = "skipped",
        /// Ended without success; it is not sent again.
        Failed = "failed",
        /// Sent, and the answer was lost.
        Unknown = "unknown",
    }
}

impl StepOutcome {
    /// Whether the step's effect exists.
    #[must_use]
    pub fn is_done(self) -> bool {
        match self {
            Self::Succeeded | Self::Warning | Self::Unchanged => true,
            Self::Skipped | Self::Failed | Self::Unknown => false,
        }
    }

    /// Whether the step failed or its outcome is unknown.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        match self {
            Self::Failed | Self::Unknown => true,
            Self::Succeeded | Self::Warning | Self::Unchanged | Self::Skipped => false,
        }
    }
}

words! {
    /// How a row ended. If several apply to a row, the first one counts.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RowOutcome {
        /// A call was sent, its answer was lost, and it is not settled.
        Unknown = "unknown",
        /// Some of its effects exist, others are missing.
        Partial = "partial",
        /// It ended without success, and none of its effects exists.
        Failed = "failed",
        /// No call of the row was sent.
        NotStarted = "not_started",
        /// Every step is done.
        Succeeded = "succeeded",
        /// Nothing to do: everything was already so.
        Unchanged = "unchanged",
        /// Left out by the playbook.
        Skipped = "skipped",
    }
}

impl RowOutcome {
    /// All outcomes as people read them: what is done, what went wrong, what is left.
    pub(crate) const READING_ORDER: [Self; 7] =
        [Self::Succeeded, Self::Unchanged, Self::Skipped, Self::Failed, Self::Partial, Self::Unknown, Self::NotStarted];

    /// The outcome in words: `not started`.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Unknown | Self::Partial | Self::Failed | Self::Succeeded | Self::Unchanged | Self::Skipped => {
                self.as_str()
            }
        }
    }

    /// Whether nothing is left to do for the row.
    #[must_use]
    pub fn is_good(self) -> bool {
        match self {
            Self::Succeeded | Self::Unchanged | Self::Skipped => true,
            Self::Unknown | Self::Partial | Self::Failed | Self::NotStarted => false,
        }
    }

    /// Whether the row began and ended without success.
    #[must_use]
    pub(crate) fn is_trouble(self) -> bool {
        match self {
            Self::Unknown | Self::Partial | Self::Failed => true,
            Self::NotStarted | Self::Succeeded | Self::Unchanged | Self::Skipped => false,
        }
    }

    /// The outcome with this word.
    ///
    /// # Errors
    /// The missing thing in words, such as "an outcome `x`", if no outcome has this word.
    pub(crate) fn of_word(word: &str) -> Result<Self, String> {
        Self::named(word).ok_or_else(|| format!("an outcome `{word}`"))
    }
}
