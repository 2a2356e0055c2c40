//! What limits a story, as a sentence that a detail may follow. The page has each of them in Chinese too.

use std::fmt;

use crate::model::words;

words! {
    /// What limits a story.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum StoryLimit {
        /// The journal does not keep waits and durations.
        OldJournal = "the run was made by a version that kept neither the waits nor the durations of calls, so they are missing here",
        /// The journal or its folder is not what the mark of the run says; what is lost follows.
        Lost = "something of the run is lost",
        /// The entries of the row cannot be read; the damage follows.
        Damaged = "the journal is damaged, so only the outcome that it still proves is shown",
    }
}

impl StoryLimit {
    /// The sentence with its detail.
    #[must_use]
    pub fn with(self, detail: &dyn fmt::Display) -> String {
        format!("{}: {detail}", self.as_str())
    }
}
