//! The questions that are asked before anything is sent, and who answers them.

use super::observer::Destination;

/// A question before anything is sent. Its answer is a text that the person types, so that no habit answers it.
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
    /// Rows have effects that cannot be taken back lightly. The answer is the number of these rows.
    Effects {
        /// How many rows.
        rows: u64,
        /// The effects by kind, such as `24 × bill (contract), 40 × notify (person)`.
        effects: String,
        /// Where it would go.
        to: Destination,
    },
}

impl Question {
    /// The answer that lets the run go on.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Environment { name, .. } => name.clone(),
            Self::Effects { rows, .. } => rows.to_string(),
        }
    }
}

/// Answers questions: a terminal, a web page, a program.
pub trait Questions: Send + Sync {
    /// The answer to a question as it was typed; `None` where nobody is there to give one.
    ///
    /// # Errors
    /// The system's, where the answer cannot be read.
    fn answer(&self, question: &Question) -> std::io::Result<Option<String>>;
}

/// Nobody is there to answer: what is not confirmed in the request is refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Questions for Unattended {
    fn answer(&self, _: &Question) -> std::io::Result<Option<String>> {
        Ok(None)
    }
}
