//! What `fmt` did with each file, for people and for programs.

use serde_json::json;
use similar::TextDiff;

use crate::diagnostic::printable;
use crate::model::Value;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was formatted already.
    Unchanged,
    /// It was written anew.
    Formatted,
    /// It would be written anew.
    Unformatted,
    /// It cannot be read.
    Invalid,
}

impl State {
    /// The word in JSON.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Formatted => "formatted",
            Self::Unformatted => "unformatted",
            Self::Invalid => "invalid",
        }
    }
}

/// A file and what became of it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) file: String,
    pub(super) state: State,
    /// What changes, line by line; empty where nothing does.
    pub(super) diff: String,
}

impl Told {
    pub(super) fn to_json(&self) -> Value {
        let mut told = json!({"file": self.file, "state": self.state.as_str()});
        if !self.diff.is_empty() {
            told["diff"] = self.diff.clone().into();
        }
        told
    }
}

/// The lines that differ, with those around them.
pub(super) fn diff(file: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(2).header(file, &format!("{file}, formatted")).to_string();
    printable(&text).into_owned()
}
