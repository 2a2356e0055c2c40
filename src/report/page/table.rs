//! The table of rows in the page that is a file: one compressed column for each thing that is shown of a row.

use std::collections::HashMap;
use std::io;

use serde::Serialize;

use super::key_columns::KeyColumns;
use super::packed::JsonColumn;
use super::shown_row::ShownRow;
use crate::diagnostic::printable;
use crate::model::RowOutcome;
use crate::report::RowCounts;

/// The stories in one group. A group is unpacked as a whole when one of its rows is opened.
const STORIES_IN_A_GROUP: u64 = 40;

/// A packed part of the page's data, with its name.
pub(super) type NamedPart = (String, Vec<u8>);

/// What describes the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableHead {
    total: u64,
    kept: u64,
    counts: Vec<u64>,
    columns: Vec<String>,
    key_column: i64,
    steps: Vec<String>,
    codes: Vec<String>,
    messages: Vec<String>,
    story_groups: u64,
    /// The places of the rows that a process works on at this moment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    under_way: Vec<u64>,
}

impl TableHead {
    /// The head of a table whose rows come one by one, with their words.
    pub(super) fn without_words(columns: &[String], key_column: i64, counts: &RowCounts) -> Self {
        Self {
            total: counts.total,
            kept: counts.total,
            counts: RowOutcome::ALL.into_iter().map(|outcome| counts.of(outcome)).collect(),
            columns: columns.iter().map(|name| printable(name).into_owned()).collect(),
            key_column,
            steps: Vec::new(),
            codes: Vec::new(),
            messages: Vec::new(),
            story_groups: 0,
            under_way: Vec::new(),
        }
    }
}

/// The table while rows are added, in the order of the list.
pub struct RowTable {
    columns: Vec<String>,
    cells: Vec<JsonColumn>,
    keys: JsonColumn,
    key_columns: KeyColumns,
    number: Differences,
    outcome: JsonColumn,
    step: Dictionary,
    code: Dictionary,
    message: Dictionary,
    attempts: JsonColumn,
    ended: Differences,
    story: JsonColumn,
    rows: u64,
    stories: u64,
    under_way: Vec<u64>,
}

impl RowTable {
    /// An empty table with the columns of a list.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn new(columns: Vec<String>) -> io::Result<Self> {
        let cells = columns.iter().map(|_| JsonColumn::array()).collect::<io::Result<_>>()?;
        let key_columns = KeyColumns::new(columns.len());
        Ok(Self {
            columns,
            cells,
            keys: JsonColumn::array()?,
            key_columns,
            number: Differences::new()?,
            outcome: JsonColumn::array()?,
            step: Dictionary::new()?,
            code: Dictionary::new()?,
            message: Dictionary::new()?,
            attempts: JsonColumn::array()?,
            ended: Differences::new()?,
            story: JsonColumn::array()?,
            rows: 0,
            stories: 0,
            under_way: Vec::new(),
        })
    }

    /// Adds a row. Returns its place in the table and the group of its story; `None` without a story.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn add(&mut self, row: &ShownRow, has_story: bool) -> io::Result<(u64, Option<u64>)> {
        self.key_columns.add(&row.key, &row.cells);
        for (at, column) in self.cells.iter_mut().enumerate() {
            // A row that is malformed may have fewer cells.
            column.push(&row.cells.get(at))?;
        }
        self.keys.push(&row.key)?;
        self.number.push(i64::try_from(row.number).ok())?;
        self.outcome.push(&RowOutcome::ALL.iter().position(|outcome| *outcome == row.outcome))?;
        self.step.push(row.step.as_deref())?;
        self.code.push(row.code.as_deref())?;
        self.message.push(row.message.as_deref())?;
        self.attempts.push(&row.attempts)?;
        self.ended.push(row.ended_ms)?;
        let place = self.rows;
        self.rows += 1;
        let group = has_story.then(|| {
            self.stories += 1;
            (self.stories - 1) / STORIES_IN_A_GROUP
        });
        self.story.push(&group.map_or(-1, |group| i64::try_from(group).unwrap_or(-1)))?;
        Ok((place, group))
    }

    /// Notes that a process works on the row at this place at this moment.
    pub fn mark_under_way(&mut self, place: u64) {
        self.under_way.push(place);
    }

    /// The head of the table and its parts by name. `counts` are those of the whole run without rows under way, `kinds` the number of each
    /// row's kind of failure: 0 if none is listed.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn finish(
        self,
        counts: &RowCounts,
        kinds: impl Iterator<Item = u64>,
    ) -> io::Result<(TableHead, Vec<NamedPart>)> {
        let mut parts = Vec::new();
        let mut part =
            |name: &str, packed: io::Result<Vec<u8>>| packed.map(|packed| parts.push((name.to_owned(), packed)));
        for (at, column) in self.cells.into_iter().enumerate() {
            part(&format!("cells-{at}"), column.finish())?;
        }
        let key_column = self.key_columns.place();
        if key_column == KeyColumns::OF_ITS_OWN {
            part("keys", self.keys.finish())?;
        }
        let (steps, packed) = self.step.finish();
        part("step", packed)?;
        let (codes, packed) = self.code.finish();
        part("code", packed)?;
        let (messages, packed) = self.message.finish();
        part("message", packed)?;
        part("number", self.number.values.finish())?;
        part("outcome", self.outcome.finish())?;
        let mut kind = JsonColumn::array()?;
        for number in kinds {
            kind.push(&number)?;
        }
        part("kind", kind.finish())?;
        part("attempts", self.attempts.finish())?;
        part("ended", self.ended.values.finish())?;
        part("story", self.story.finish())?;
        let outline = TableHead::without_words(&self.columns, key_column, counts);
        let story_groups = self.stories.div_ceil(STORIES_IN_A_GROUP);
        let under_way = self.under_way;
        let head = TableHead { kept: self.rows, steps, codes, messages, story_groups, under_way, ..outline };
        Ok((head, parts))
    }
}

/// A column of numbers that rise slowly: each is written as the difference from the one before.
struct Differences {
    values: JsonColumn,
    last: i64,
}

impl Differences {
    fn new() -> io::Result<Self> {
        Ok(Self { values: JsonColumn::array()?, last: 0 })
    }

    fn push(&mut self, value: Option<i64>) -> io::Result<()> {
        let difference = value.map(|value| value - self.last);
        self.last = value.unwrap_or(self.last);
        self.values.push(&difference)
    }
}

/// A column of few words: each is written as its place in the list of all.
struct Dictionary {
    values: JsonColumn,
    places: HashMap<String, usize>,
    words: Vec<String>,
}

impl Dictionary {
    fn new() -> io::Result<Self> {
        Ok(Self { values: JsonColumn::array()?, places: HashMap::new(), words: Vec::new() })
    }

    fn push(&mut self, word: Option<&str>) -> io::Result<()> {
        let Some(word) = word else { return self.values.push(&-1) };
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => {
                self.places.insert(word.to_owned(), self.words.len());
                self.words.push(word.to_owned());
                self.words.len() - 1
            }
        };
        self.values.push(&place)
    }

    fn finish(self) -> (Vec<String>, io::Result<Vec<u8>>) {
        (self.words, self.values.finish())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use serde_json::{Value, json};

    use super::*;

    fn row(number: u64, key: &str, cells: &[&str]) -> ShownRow {
        ShownRow {
            number,
            key: key.to_owned(),
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            outcome: RowOutcome::Failed,
            step: Some("move".to_owned()),
            code: None,
            message: Some("no such flow".to_owned()),
            attempts: 2,
            ended_ms: Some(1_500 + i64::try_from(number).unwrap()),
        }
    }

    fn read(parts: &[NamedPart], name: &str) -> Value {
        let (_, packed) = parts.iter().find(|(part, _)| part == name).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn columns_say_what_the_rows_say() {
        let mut table = RowTable::new(vec!["note".to_owned(), "id".to_owned()]).unwrap();
        let places: Vec<_> = [(2, "a"), (3, "b"), (6, "c")]
            .map(|(number, key)| table.add(&row(number, key, &["a", key]), number % 2 == 0).unwrap())
            .into();
        assert_eq!(places, [(0, Some(0)), (1, None), (2, Some(0))]);
        let counts = RowCounts { total: 9, failed: 3, succeeded: 6, ..RowCounts::default() };
        let (head, parts) = table.finish(&counts, [1, 1, 2].into_iter()).unwrap();
        assert_eq!(read(&parts, "number"), json!([2, 1, 3]));
        assert_eq!(read(&parts, "ended"), json!([1_502, 1, 3]));
        assert_eq!(read(&parts, "cells-1"), json!(["a", "b", "c"]));
        assert_eq!(read(&parts, "step"), json!([0, 0, 0]));
        assert_eq!(read(&parts, "code"), json!([-1, -1, -1]));
        assert_eq!(read(&parts, "story"), json!([0, -1, 0]));
        let head = serde_json::to_value(head).unwrap();
        assert_eq!((&head["key_column"], &head["kept"], &head["total"]), (&json!(1), &json!(3), &json!(9)));
        assert_eq!(head["messages"], json!(["no such flow"]));
        assert!(!parts.iter().any(|(name, _)| name == "keys"));
    }

    #[test]
    fn keys_of_several_columns_are_a_part_of_their_own() {
        let mut table = RowTable::new(vec!["a".to_owned()]).unwrap();
        table.add(&row(2, "x:y", &["x"]), false).unwrap();
        let (_, parts) = table.finish(&RowCounts::default(), std::iter::once(1)).unwrap();
        assert_eq!(read(&parts, "keys"), json!(["x:y"]));
    }
}
