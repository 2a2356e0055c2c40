//! Counts what went wrong in a run by kind, each with a masked message and one row as an example.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grouped_number::grouped;
use super::message_shape::message_shape;
use super::row_record::RowRecord;
use crate::diagnostic::{printable, shortened};
use crate::model::{Masks, RowOutcome, RunId};

/// The most kinds that are counted separately. Rows of further kinds appear only in the row files.
const KINDS: usize = 1_000;
/// The most shapes of messages that one step and code may have as kinds of their own. With more, the messages differ
/// in each row, and all of them are one kind.
const SHAPES: usize = 12;
/// The most kinds that a summary keeps.
pub const SUMMARY_KINDS: usize = 20;
/// The most kinds that are shown to people.
const SHOWN: usize = 5;
/// The most keys that a kind names.
const KEYS: usize = 5;
/// The most characters of a message that are kept.
const LONGEST: usize = 200;

/// Rows that did not succeed for the same reason: the same outcome, step and code, and messages of the same shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureKind {
    /// Its number in this run, counted from 1: the most frequent kind has the first.
    #[serde(default)]
    pub number: u64,
    /// How they ended: `failed`, `partial` or `unknown`.
    pub outcome: RowOutcome,
    /// The step that decided the outcome.
    pub step: Option<String>,
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
    /// The message of the first such row, masked.
    pub message: Option<String>,
    /// Whether the messages of these rows have many shapes, so that the first one stands for all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub messages_differ: bool,
    /// The number of such rows.
    pub rows: u64,
    /// The first such row, numbered as in a spreadsheet.
    pub row: u64,
    /// The key of that row, masked if it is sensitive.
    pub key: String,
    /// The keys of the first such rows, at most five, masked if they are sensitive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// What the code means; absent if no provider file and no table of runsheet says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// What to do about it; absent if nothing says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The command that comes next for these rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The row file that contains that row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_file: Option<String>,
    /// Where the step is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_at: Option<StepPlace>,
}

/// What is known of the first row of a kind beside its record.
#[derive(Debug, Default)]
pub struct FirstOfKind {
    /// The masks of the row.
    pub masks: Masks,
    /// What its code means.
    pub meaning: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
    /// The command that comes next.
    pub command: Option<String>,
}

/// Kinds and rows that a list of kinds leaves out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OtherKinds {
    /// The kinds that were counted and are not listed.
    pub kinds: u64,
    /// Their rows, with those of kinds that were not counted by themselves.
    pub rows: u64,
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
    /// The kinds in the order of their first rows. A kind that became part of another has no rows.
    kinds: Vec<CountedKind>,
    /// The kinds of each outcome, step and code.
    groups: HashMap<(RowOutcome, Option<String>, Option<String>), Group>,
    /// The rows that did not succeed.
    rows: u64,
}

/// A kind while its rows are counted.
#[derive(Debug)]
struct CountedKind {
    kind: FailureKind,
    /// Its first rows with their keys, at most [`KEYS`].
    first: Vec<(u64, String)>,
}

/// The kinds of one outcome, step and code, as indexes.
#[derive(Debug)]
enum Group {
    /// A kind for each shape of message.
    ByShape(HashMap<String, usize>),
    /// One kind for all messages.
    Whole(usize),
}

impl Failures {
    /// Counts a row that did not succeed. `key` is its key as it may be shown.
    ///
    /// `about` reads what is known of the row; it is called only for the first row of a kind.
    ///
    /// # Errors
    /// The error of `about`.
    pub fn add<E>(
        &mut self,
        row: &RowRecord,
        key: &str,
        about: impl FnOnce() -> Result<FirstOfKind, E>,
    ) -> Result<(), E> {
        if !row.outcome.is_trouble() {
            return Ok(());
        }
        self.rows += 1;
        let group = (row.outcome, row.step.clone(), row.code.clone());
        if self.kinds.len() >= KINDS && !self.groups.contains_key(&group) {
            return Ok(());
        }
        let group = self.groups.entry(group).or_insert_with(|| Group::ByShape(HashMap::new()));
        let shape = message_shape(row.message.as_deref().unwrap_or_default());
        if let Some(counted) = group.place(&shape, &mut self.kinds).and_then(|place| self.kinds.get_mut(place)) {
            counted.kind.rows += 1;
            if counted.first.len() < KEYS {
                counted.first.push((row.number, key.to_owned()));
            }
        } else if self.kinds.len() < KINDS {
            let kind = new_kind(row, key, about()?);
            if let Group::ByShape(places) = group {
                places.insert(shape, self.kinds.len());
            }
            self.kinds.push(CountedKind { kind, first: vec![(row.number, key.to_owned())] });
        }
        Ok(())
    }

    /// Returns the most frequent kinds of a summary, the most frequent first.
    #[must_use]
    pub fn most_frequent(self) -> Vec<FailureKind> {
        self.listed(SUMMARY_KINDS).0
    }

    /// Returns the `most` most frequent kinds, the most frequent first, and what the list leaves out.
    #[must_use]
    pub fn listed(mut self, most: usize) -> (Vec<FailureKind>, OtherKinds) {
        self.kinds.retain(|counted| counted.kind.rows > 0);
        self.kinds.sort_by_key(|counted| (Reverse(counted.kind.rows), counted.kind.row));
        let all = self.kinds.len();
        self.kinds.truncate(most);
        let listed: u64 = self.kinds.iter().map(|counted| counted.kind.rows).sum();
        let other = OtherKinds { kinds: (all - self.kinds.len()) as u64, rows: self.rows - listed };
        let numbered = (1..).zip(self.kinds).map(|(number, counted)| {
            let keys = counted.first.into_iter().map(|(_, key)| key).collect();
            FailureKind { number, keys, ..counted.kind }
        });
        (numbered.collect(), other)
    }
}

impl Group {
    /// The kind of messages of this shape; `None` if there is none yet. With one shape too many, all kinds of the group
    /// become one.
    fn place(&mut self, shape: &str, kinds: &mut [CountedKind]) -> Option<usize> {
        let whole = match self {
            Self::Whole(place) => return Some(*place),
            Self::ByShape(places) => match places.get(shape) {
                Some(place) => return Some(*place),
                None if places.len() < SHAPES => return None,
                None => merge_kinds(kinds, places),
            },
        };
        *self = Self::Whole(whole);
        Some(whole)
    }
}

/// A kind with its first row.
fn new_kind(row: &RowRecord, key: &str, first: FirstOfKind) -> FailureKind {
    let FirstOfKind { masks, meaning, advice, command } = first;
    let masked = |text: &String| shortened(&masks.text(text), LONGEST).into_owned();
    FailureKind {
        number: 0,
        outcome: row.outcome,
        step: row.step.clone(),
        code: row.code.as_ref().map(masked),
        message: row.message.as_ref().map(masked),
        messages_differ: false,
        rows: 1,
        row: row.number,
        key: key.to_owned(),
        keys: Vec::new(),
        meaning,
        advice,
        command,
        rows_file: None,
        step_at: None,
    }
}

/// Makes the kinds at these places one: the kind with the first row counts the rows of all. Returns its place.
fn merge_kinds(kinds: &mut [CountedKind], places: &HashMap<String, usize>) -> usize {
    // Kinds are added in the order of their first rows.
    let whole = places.values().copied().min().unwrap_or_default();
    let (mut rows, mut first) = (0, Vec::new());
    for place in places.values() {
        let Some(counted) = kinds.get_mut(*place) else { continue };
        rows += std::mem::take(&mut counted.kind.rows);
        first.append(&mut counted.first);
    }
    first.sort_unstable();
    first.truncate(KEYS);
    if let Some(counted) = kinds.get_mut(whole) {
        (counted.kind.rows, counted.kind.messages_differ, counted.first) = (rows, true, first);
    }
    whole
}

/// Renders the kinds of a run as lines of text, with the command that shows one row in full.
#[must_use]
pub fn failure_lines(kinds: &[FailureKind], run: &RunId) -> String {
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
        let _ =
            writeln!(out, "    … and {} {} for other reasons", grouped(rows), if rows == 1 { "row" } else { "rows" });
    }
    if !kinds.is_empty() {
        let _ = writeln!(out, "    What happened to a row of the first kind: runsheet why {run} --kind 1");
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
    use crate::journal::GoesOn;

    fn row(number: u64, code: Option<&str>, message: &str, outcome: RowOutcome) -> RowRecord {
        RowRecord {
            position: number - 2,
            number,
            key: format!("A-{number}"),
            raw: Bytes::new(),
            outcome,
            goes_on: GoesOn::No,
            step: Some("task".to_owned()),
            code: code.map(str::to_owned),
            message: Some(message.to_owned()),
            request_id: None,
            attempts: 1,
            results: Vec::new(),
            times: None,
        }
    }

    fn of(rows: &[RowRecord]) -> Vec<FailureKind> {
        let mut failures = Failures::default();
        for row in rows {
            let mut masks = Masks::default();
            masks.add(&json!("0911222333"));
            let first = FirstOfKind { masks, meaning: Some("Wrong".to_owned()), ..FirstOfKind::default() };
            failures.add(row, &row.key, || Ok::<_, Infallible>(first)).unwrap();
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
        let text = failure_lines(&kinds, &RunId::from_text("r-1"));
        assert_eq!(
            text,
            "  What went wrong:\n    2 rows failed, step `task`: 1001: phone *** is invalid (row 2, `A-2`)\n    \
             1 row unknown, step `task`: 7: a b␛[2J (row 3, `A-3`)\n    \
             What happened to a row of the first kind: runsheet why r-1 --kind 1\n"
        );
    }

    #[test]
    fn failures_that_differ_in_an_id_are_one_kind_with_its_first_keys() {
        let rows: Vec<RowRecord> = (2..98)
            .map(|number| {
                row(number, Some("7"), &format!("flow {number} of 'Mei {number}' has ended"), RowOutcome::Failed)
            })
            .chain([row(98, Some("7"), "the deadline has passed", RowOutcome::Failed)])
            .collect();
        let kinds = of(&rows);
        let counted: Vec<_> = kinds.iter().map(|kind| (kind.number, kind.rows, kind.row)).collect();
        assert_eq!(counted, [(1, 96, 2), (2, 1, 98)]);
        assert_eq!(kinds[0].keys, ["A-2", "A-3", "A-4", "A-5", "A-6"]);
        assert_eq!(kinds[0].meaning.as_deref(), Some("Wrong"));
        assert!(!kinds[0].messages_differ);
    }

    #[test]
    fn messages_that_differ_in_each_row_are_one_kind_in_the_end() {
        let letters = |number: u64| number.to_string().chars().map(|c| char::from(c as u8 + 49)).collect::<String>();
        let rows: Vec<RowRecord> =
            (2..2_000).map(|number| row(number, None, &letters(number), RowOutcome::Partial)).collect();
        let kinds = of(&rows);
        assert_eq!(kinds.len(), 1);
        assert_eq!((kinds[0].rows, kinds[0].row, kinds[0].messages_differ), (1_998, 2, true));
        assert_eq!(kinds[0].keys, ["A-2", "A-3", "A-4", "A-5", "A-6"]);
        let few = of(&rows[..SHAPES]);
        assert_eq!(few.len(), SHAPES);
        assert!(few.iter().all(|kind| !kind.messages_differ));
    }

    #[test]
    fn kinds_are_counted_within_a_bound_and_the_rest_is_told() {
        let rows: Vec<RowRecord> =
            (2..2_000).map(|number| row(number, Some(&number.to_string()), "m", RowOutcome::Partial)).collect();
        let kinds = of(&rows);
        assert_eq!(kinds.len(), SUMMARY_KINDS);
        let text = failure_lines(&kinds, &RunId::from_text("r-1"));
        assert_eq!(text.lines().count(), SHOWN + 3);
        assert!(text.contains("and 15 rows for other reasons"), "{text}");
        let mut failures = Failures::default();
        for row in &rows {
            failures.add(row, &row.key, || Ok::<_, Infallible>(FirstOfKind::default())).unwrap();
        }
        let (listed, other) = failures.listed(100);
        assert_eq!((listed.len(), other), (100, OtherKinds { kinds: 900, rows: 1_898 }));
        let long = of(&[row(2, None, &"é".repeat(500), RowOutcome::Failed)]);
        assert_eq!(long[0].message.as_ref().map(|message| message.chars().count()), Some(LONGEST + 1));
    }
}
