//! The kinds of codes that runsheet itself uses, each with its table.

use std::sync::OnceLock;

use crate::diagnostic::{Explanation, codes, read_explanations};
use crate::report::row_codes;

/// A kind of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// Messages about files.
    Diagnostic,
    /// Dispositions of answers.
    Disposition,
    /// Outcomes of rows.
    Outcome,
    /// Codes of runsheet in row files.
    RowCode,
    /// Exit codes.
    Exit,
}

impl Topic {
    /// Every kind, in the order of the list.
    pub(super) const ALL: [Self; 5] = [Self::Diagnostic, Self::Disposition, Self::Outcome, Self::RowCode, Self::Exit];

    /// The name of the kind in JSON.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Diagnostic => "diagnostic",
            Self::Disposition => "disposition",
            Self::Outcome => "outcome",
            Self::RowCode => "row_code",
            Self::Exit => "exit",
        }
    }

    /// What a code of this kind is, as text.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Diagnostic => "a message about a file",
            Self::Disposition => "the meaning of an answer",
            Self::Outcome => "the outcome of a row",
            Self::RowCode => "a code of a row",
            Self::Exit => "an exit code",
        }
    }

    /// The codes of this kind.
    pub(super) fn entries(self) -> &'static [Explanation] {
        static READ: OnceLock<[Vec<Explanation>; 3]> = OnceLock::new();
        let read = READ.get_or_init(|| {
            [
                read_explanations(include_str!("dispositions.md")),
                read_explanations(include_str!("outcomes.md")),
                read_explanations(include_str!("exits.md")),
            ]
        });
        match self {
            Self::Diagnostic => codes(),
            Self::Disposition => &read[0],
            Self::Outcome => &read[1],
            Self::RowCode => row_codes(),
            Self::Exit => &read[2],
        }
    }

    /// The entry of a code; `None` where this kind does not have it.
    pub(super) fn entry(self, name: &str) -> Option<&'static Explanation> {
        self.entries().iter().find(|entry| entry.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::Exit;
    use crate::model::{Disposition, RowOutcome};

    fn names(topic: Topic) -> Vec<&'static str> {
        topic.entries().iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn every_code_has_a_meaning_and_advice() {
        for entry in Topic::ALL.into_iter().flat_map(Topic::entries) {
            assert!(!entry.meaning.is_empty() && !entry.advice.is_empty(), "{entry:?}");
        }
    }

    #[test]
    fn every_outcome_and_disposition_is_explained() {
        let outcomes: Vec<&str> = RowOutcome::ALL.into_iter().map(RowOutcome::as_str).collect();
        assert_eq!(names(Topic::Outcome), outcomes);
        for name in names(Topic::Disposition) {
            let read: Result<Disposition, _> = serde_json::from_value(name.into());
            assert!(read.is_ok(), "`{name}` is no disposition");
        }
        assert_eq!(names(Topic::Disposition).len(), 10);
    }

    #[test]
    fn exit_codes_are_those_of_the_page_on_results() {
        let page = include_str!("../../../docs/reference/result-files.md").to_lowercase();
        let numbers: Vec<String> = Exit::ALL.iter().map(|(_, number)| number.to_string()).collect();
        assert_eq!(names(Topic::Exit), numbers);
        for entry in Topic::Exit.entries() {
            let meaning: Vec<&str> = entry.meaning.trim_end_matches('.').split_whitespace().collect();
            let row = format!("| {} | {} |", entry.name, meaning.join(" ")).to_lowercase();
            assert!(page.contains(&row), "docs/reference/result-files.md lacks {row}");
        }
    }
}
