//! The result of formatting a file, as text and as JSON.

use serde_json::json;
use similar::TextDiff;

use crate::diagnostic::printable;
use crate::model::Value;

/// The state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    /// It is formatted already.
    Unchanged,
    /// It was formatted.
    Formatted,
    /// It would be formatted (`--check`).
    Unformatted,
    /// It cannot be read.
    Invalid,
}

impl FileState {
    /// The name in JSON.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Formatted => "formatted",
            Self::Unformatted => "unformatted",
            Self::Invalid => "invalid",
        }
    }
}

/// A file with its state.
#[derive(Debug)]
pub(super) struct FormatResult {
    pub(super) file: String,
    pub(super) state: FileState,
    /// The changed lines; empty where nothing changes.
    pub(super) diff: String,
}

impl FormatResult {
    pub(super) fn to_json(&self) -> Value {
        let mut told = json!({"file": self.file, "state": self.state.as_str()});
        if !self.diff.is_empty() {
            told["diff"] = self.diff.clone().into();
        }
        told
    }
}

/// The lines that differ, with two lines of context.
pub(super) fn diff(file: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(2).header(file, &format!("{file}, formatted")).to_string();
    printable(&text).into_owned()
}
