//! One row as pages show it: its texts shortened, and without characters that act or cannot be seen.

use crate::diagnostic::{printable, shortened};
use crate::model::RowOutcome;

/// The most characters of a cell and of a message that are shown in a table. The story holds more.
const LONGEST: usize = 300;

/// The texts of a row, with everything masked that must be.
#[derive(Debug, Clone, Copy)]
pub struct ShownTexts<'r> {
    /// The row's key; empty if rows have none.
    pub key: &'r str,
    /// Its cells, in the order of the columns.
    pub cells: &'r [String],
    /// The step that decided the outcome.
    pub step: Option<&'r str>,
    /// The code of the vendor or of runsheet.
    pub code: Option<&'r str>,
    /// The message of the vendor or of runsheet.
    pub message: Option<&'r str>,
}

/// A row as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// The row's number as a spreadsheet shows it.
    pub number: u64,
    /// Its key; empty if rows have none.
    pub key: String,
    /// Its cells, in the order of the columns. A malformed row may have too few or too many.
    pub cells: Vec<String>,
    /// Its outcome.
    pub outcome: RowOutcome,
    /// The step that decided the outcome; `None` if no step did.
    pub step: Option<String>,
    /// The code; `None` if there is none.
    pub code: Option<String>,
    /// The message; `None` if there is none.
    pub message: Option<String>,
    /// The requests sent for it.
    pub attempts: u64,
    /// When anything last happened to it, in milliseconds since the run began; `None` if nothing did.
    pub ended_ms: Option<i64>,
}

impl ShownRow {
    /// A row with these texts.
    #[must_use]
    pub fn new(number: u64, outcome: RowOutcome, texts: &ShownTexts<'_>, attempts: u64, ended_ms: Option<i64>) -> Self {
        let word = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(shown);
        Self {
            number,
            key: shown(texts.key),
            cells: texts.cells.iter().map(|cell| shown(cell)).collect(),
            outcome,
            step: word(texts.step),
            code: word(texts.code),
            message: word(texts.message),
            attempts,
            ended_ms,
        }
    }
}

/// A text as a table shows it.
fn shown(text: &str) -> String {
    printable(&shortened(text, LONGEST)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_short_and_show_what_cannot_be_seen() {
        let long = "長".repeat(LONGEST + 1);
        let cells = ["a\u{1b}b".to_owned(), long.clone()];
        let texts =
            ShownTexts { key: &long, cells: &cells, step: Some(""), code: None, message: Some("no such flow\u{202e}") };
        let row = ShownRow::new(2, RowOutcome::Failed, &texts, 1, None);
        assert_eq!((row.step, row.code, row.message.as_deref()), (None, None, Some("no such flow[U+202E]")));
        assert_eq!(row.cells[0], "a␛b");
        for text in [&row.key, &row.cells[1]] {
            assert!(text.chars().count() <= LONGEST + 1 && text.starts_with("長長"), "{text}");
        }
    }
}
