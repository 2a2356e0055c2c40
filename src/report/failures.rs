//! Counts what went wrong in a run by kind, each with a masked message and one row as an example.

use std::collections::HashMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grouped_number::grouped;
use super::row_record::RowRecord;
use crate::diagnostic::{printable, shortened};
use crate::model::{Masks, RowOutcome};

/// The most kinds that are counted separately. Rows of further kinds appear only in the row files.
const KINDS: usize = 1_000;
/// The most kinds that a summary keeps.
const KEPT: usize = 20;
/// The most kinds that are shown to people.
const SHOWN: usize = 5;
/// The most characters of a message that are kept.
const LONGEST: usize = 200;

/// Rows that did not succeed for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureKind {
    /// How they ended: `failed`, `partial` or `unknown`.
    pub outcome: RowOutcome,
    /// The step that decided the outcome.
    pub step: Option<String>,
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
    /// The message of the first such row, masked.
    pub message: Option<String>,
    /// The number of such rows.
    pub rows: u64,
    /// The first such row, numbered as in a spreadsheet.
    pub row: u64,
    /// The key of that row, masked if it is sensitive.
    pub key: String,
    /// The row file that contains that row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_file: Option<String>,
    /// Where the step is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_at: Option<StepPlace>,
}

/// Where a step is written in its playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepPlace {
    /// The playbook's path, as it was given when the run began.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// The failures of a run, counted by kind.
#[derive(Debug, Default)]
pub struct Failures {
    kinds: Vec<FailureKind>,
    /// The index of each kind by outcome, step and code; without a code, by message.
    places: HashMap<(RowOutcome, Option<String>, Option<String>), usize>,
}

impl Failures {
    /// Counts a row that did not succeed.
    ///
    /// `about` returns the row's masks and its key as it may be shown; it is called only for the first row of a kind.
    ///
    /// # Errors
    /// The error of `about`.
    pub fn add<E>(&mut self, row: &RowRecord, about: impl FnOnce() -> Result<(Masks, String), E>) -> Result<(), E> {
        if !row.outcome.is_trouble() {
            return Ok(());
        }
        let kind = (row.outcome, row.step.clone(), row.code.clone().or_else(|| row.message.clone()));
        if let Some(place) = self.places.get(&kind) {
            self.kinds[*place].rows += 1;
        } else if self.kinds.len() < KINDS {
            let (masks, key) = about()?;
            let masked = |text: &String| shortened(&masks.text(text), LONGEST).into_owned();
            self.places.insert(kind, self.kinds.len());
            self.kinds.push(FailureKind {
                outcome: row.outcome,
                step: row.step.clone(),
                code: row.code.as_ref().map(masked),
                message: row.message.as_ref().map(masked),
                rows: 1,
                row: row.number,
                key,
                rows_file: None,
                step_at: None,
            });
        }
        Ok(())
    }

    /// Returns the most frequent kinds, the most frequent first.
    #[must_use]
    pub fn most_frequent(mut self) -> Vec<FailureKind> {
        self.kinds.sort_by(|one, other| other.rows.cmp(&one.rows).then(one.row.cmp(&other.row)));
        self.kinds.truncate(KEPT);
        self.kinds
    }
}

/// Renders the kinds as lines of text.
#[must_use]
pub fn failure_lines(kinds: &[FailureKind]) -> String {
    let mut out = String::new();
    if !kinds.is_empty() {
        out.push_str("  What went wrong:\n");
    }
    let width = kinds.iter().take(SHOWN).map(|kind| grouped(kind.rows).len()).max().unwrap_or_default();
    for kind in kinds.iter().take(SHOWN) {
        let outcome = kind.outcome.as_str();
        let noun = if kind.rows == 1 { "row" } else { "rows" };
        // Writing to a string cannot fail.
        let _ = write!(out, "    {:>width$} {noun} {outcome}", grouped(kind.rows));
        if let Some(step) = &kind.step {
            let _ = write!(out, ", step `{step}`");
        }
        for said in [&kind.code, &kind.message].into_iter().flatten().filter(|said| !said.is_empty()) {
            let _ = write!(out, ": {}", one_line(said));
        }
        let key = match kind.key.is_empty() {
            true => String::new(),
            false => format!(", `{}`", one_line(&kind.key)),
        };
        let of = kind.rows_file.as_ref().map(|file| format!(" of {}", one_line(file))).unwrap_or_default();
        let _ = writeln!(out, " (row {}{of}{key})", kind.row);
        if let Some(at) = &kind.step_at {
            let _ = writeln!(out, "    {:>width$} the step is at {}:{}:{}", "", one_line(&at.file), at.line, at.column);
        }
    }
    if kinds.len() > SHOWN {
        let rows: u64 = kinds.iter().skip(SHOWN).map(|kind| kind.rows).sum();
        let _ = writeln!(out, "    … and {} rows for other reasons", grouped(rows));
    }
    out
}

fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn row(number: u64, code: Option<&str>, message: &str, outcome: RowOutcome) -> RowRecord {
        RowRecord {
            position: number - 2,
            number,
            key: format!("A-{number}"),
            raw: Bytes::new(),
            outcome,
            step: Some("task".to_owned()),
            code: code.map(str::to_owned),
            message: Some(message.to_owned()),
            request_id: None,
            attempts: 1,
            results: Vec::new(),
        }
    }

    fn of(rows: &[RowRecord]) -> Vec<FailureKind> {
        let mut failures = Failures::default();
        for row in rows {
            let mut masks = Masks::default();
            masks.add(&json!("0911222333"));
            failures.add(row, || Ok::<_, Infallible>((masks, row.key.clone()))).unwrap();
        }
        failures.most_frequent()
    }

    #[test]
    fn kinds_are_counted_masked_and_sorted_by_how_many() {
        let kinds = of(&[
            row(2, Some("1001"), "phone 0911222333 is invalid", RowOutcome::Failed),
            row(3, Some("7"), "a\nb\u{1b}[2J", RowOutcome::Unknown),
            row(4, Some("1001"), "phone 5 is invalid", RowOutcome::Failed),
            row(5, None, "", RowOutcome::Succeeded),
        ]);
        let text = failure_lines(&kinds);
        assert_eq!(
            text,
            "  What went wrong:\n    2 rows failed, step `task`: 1001: phone *** is invalid (row 2, `A-2`)\n    \
             1 row unknown, step `task`: 7: a b␛[2J (row 3, `A-3`)\n"
        );
    }

    #[test]
    fn failures_without_codes_are_counted_by_message_within_a_bound() {
        let rows: Vec<RowRecord> =
            (2..2_000).map(|number| row(number, None, &format!("m{number}"), RowOutcome::Partial)).collect();
        let kinds = of(&rows);
        assert_eq!(kinds.len(), KEPT);
        let text = failure_lines(&kinds);
        assert_eq!(text.lines().count(), SHOWN + 2);
        assert!(text.contains("and 15 rows for other reasons"), "{text}");
        let long = of(&[row(2, None, &"é".repeat(500), RowOutcome::Failed)]);
        assert_eq!(long[0].message.as_ref().map(|message| message.chars().count()), Some(LONGEST + 1));
    }
}
