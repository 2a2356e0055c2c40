//! How a step and a row ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Done.
    Succeeded,
    /// Done, with the vendor's warning.
    Warning,
    /// It was so already.
    Unchanged,
    /// Not wanted for this row (`when`, or nothing in `for_each`).
    Skipped,
    /// Ended for good without success.
    Failed,
    /// Sent, and its answer never learned.
    Unknown,
}

impl StepOutcome {
    /// The word in templates, files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Warning => "warning",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// How a row ended; the order is the order in which they win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Something was sent, its answer never learned, not settled.
    Unknown,
    /// Some of its effects stand, others are missing.
    Partial,
    /// Ended without success and no effect of it stands.
    Failed,
    /// No call of it was sent.
    NotStarted,
    /// Every step done.
    Succeeded,
    /// Already as wanted.
    Unchanged,
    /// Left out by design.
    Skipped,
}

impl RowOutcome {
    /// The outcome of that word.
    ///
    /// # Errors
    /// A sentence, where there is none.
    pub fn of_word(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.as_str() == word);
        found.ok_or_else(|| format!("an outcome `{word}`"))
    }

    /// Every outcome, in the order in which they win.
    pub const ALL: [Self; 7] =
        [Self::Unknown, Self::Partial, Self::Failed, Self::NotStarted, Self::Succeeded, Self::Unchanged, Self::Skipped];

    /// The word in files and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::NotStarted => "not_started",
            Self::Succeeded => "succeeded",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
        }
    }
}
