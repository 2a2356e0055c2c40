//! How a step and a row ended.

use super::word::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// How a step ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum StepOutcome {
        /// Done.
        Succeeded = "succeeded",
        /// Done, with the vendor's warning.
        Warning = "warning",
        /// It was so already.
        Unchanged = "unchanged",
        /// Not wanted for this row (`when`, or nothing in `for_each`).
        Skipped = "skipped",
        /// Ended for good without success.
        Failed = "failed",
        /// Sent, and its answer never learned.
        Unknown = "unknown",
    }
}

impl StepOutcome {
    /// Whether the step's effect stands.
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
    /// How a row ended; the order is the order in which they win.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RowOutcome {
        /// Something was sent, its answer never learned, not settled.
        Unknown = "unknown",
        /// Some of its effects stand, others are missing.
        Partial = "partial",
        /// Ended without success and no effect of it stands.
        Failed = "failed",
        /// No call of it was sent.
        NotStarted = "not_started",
        /// Every step done.
        Succeeded = "succeeded",
        /// Already as wanted.
        Unchanged = "unchanged",
        /// Left out by design.
        Skipped = "skipped",
    }
}

impl RowOutcome {
    /// Whether nothing is left to do for the row.
    #[must_use]
    pub fn is_good(self) -> bool {
        match self {
            Self::Succeeded | Self::Unchanged | Self::Skipped => true,
            Self::Unknown | Self::Partial | Self::Failed | Self::NotStarted => false,
        }
    }

    /// Whether the row was begun and ended without success.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        match self {
            Self::Unknown | Self::Partial | Self::Failed => true,
            Self::NotStarted | Self::Succeeded | Self::Unchanged | Self::Skipped => false,
        }
    }

    /// The outcome of that word.
    ///
    /// # Errors
    /// A sentence, where no outcome has the word.
    pub fn of_word(word: &str) -> Result<Self, String> {
        Self::named(word).ok_or_else(|| format!("an outcome `{word}`"))
    }
}
