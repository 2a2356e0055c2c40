//! The questions before anything is sent or removed, and who answers them.

use super::observer::Destination;
use crate::model::RunId;

/// A question before anything is sent or removed. The person types a specific text as the answer, so that no habit answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// The environment asks before it sends (`confirm: true` in the settings). The answer is its name.
    Environment {
        /// The environment's name.
        name: String,
        /// What would go out, such as `40 rows, 80 calls`.
        what: String,
        /// Where it would go.
        to: Destination,
    },
    /// Rows have effects that are hard to take back. The answer is the number of these rows.
    Effects {
        /// The number of rows.
        rows: u64,
        /// The effects by kind, such as `24 × bill (contract), 40 × notify (person)`.
        effects: String,
        /// Where it would go.
        to: Destination,
    },
    /// Runs would be removed for good. The answer is the number of these runs.
    Prune {
        /// The number of runs.
        runs: usize,
        /// By which rule they were chosen, such as `older than 90 d`.
        rule: String,
    },
    /// A run is about to be cancelled. The answer is `cancel`.
    Cancel {
        /// The run.
        run: RunId,
        /// The number of its rows that have not ended.
        open_rows: u64,
    },
}

impl Question {
    /// Returns the answer that means yes.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Environment { name, .. } => name.clone(),
            Self::Effects { rows, .. } => rows.to_string(),
            Self::Prune { runs, .. } => runs.to_string(),
            Self::Cancel { .. } => "cancel".to_owned(),
        }
    }
}

/// Answers questions: a terminal, a web page, a program.
pub trait Questions: Send + Sync {
    /// Returns the answer as it was typed; `None` where no person can be asked.
    ///
    /// # Errors
    /// The error of the operating system, where the answer cannot be read.
    fn answer(&self, question: &Question) -> std::io::Result<Option<String>>;
}

/// Answers no question: what needs a confirmation that the request does not give is refused. Only a command to cancel a run is
/// its own confirmation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Questions for Unattended {
    fn answer(&self, _: &Question) -> std::io::Result<Option<String>> {
        Ok(None)
    }
}
