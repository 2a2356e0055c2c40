//! The rows of an earlier run, taken once more: as they were, or corrected, each with what it brings along.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Place};
use crate::engine::{ImportConflict, ImportedRow, PlanView, PriorRow, RecreatedEffect, import_row, row_masks};
use crate::io::journal::{JournalError, Reader};
use crate::journal::{Fact, FrozenRow};
use crate::model::{Map, RunId, StepScope, Time, Value};
use crate::rows::{Dialect, InvalidRow, Reading, Row, RowFile};

/// Where the rows of an earlier run come from.
pub struct EarlierRows {
    /// The earlier run's journal.
    pub reader: Reader,
    /// The earlier run.
    pub run: RunId,
    /// The rows that are taken, by position.
    pub chosen: VecDeque<u64>,
    /// How the earlier run's row file is written.
    pub dialect: Dialect,
    /// Corrected rows by key.
    pub corrected: HashMap<String, Row>,
    /// The file that they come from.
    pub file: Option<RowFile>,
    /// The rows as they were, read anew under a corrected playbook; in the order of `chosen`.
    pub reread: Option<RowFile>,
    /// The plan as it was.
    pub old: PlanView,
    /// The plan as it is now, under the names of the earlier run.
    pub new: PlanView,
    /// Whether the playbook is another.
    pub changed: bool,
    /// What came of it so far.
    pub kept: Carryover,
}

/// What came of taking the rows.
#[derive(Default)]
pub struct Carryover {
    /// The facts that rows begin with.
    pub facts: Vec<(StepScope, Vec<Fact>)>,
    /// Done calls that would now be others, with their rows' keys.
    pub conflicts: Vec<(String, ImportConflict)>,
    /// What was made and taken back and will be made again, and for how many rows.
    pub recreated: BTreeMap<RecreatedEffect, u64>,
    /// What ended the reading of the journal.
    pub error: Option<JournalError>,
    /// Of the present row: which steps are done, and which file it comes from.
    done: Vec<bool>,
    origin: Origin,
    done_once: [Vec<bool>; 2],
}

#[derive(Default, Clone, Copy)]
enum Origin {
    #[default]
    Journal,
    Corrected,
    Reread,
}

impl EarlierRows {
    /// What the steps that run once bring along.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn carry_once(&mut self) -> Result<(), JournalError> {
        for (place, whose, name) in [(0, StepScope::Before, "before"), (1, StepScope::After, "after")] {
            let facts = self.reader.facts(whose)?;
            let brought = self.import_row(whose, "", (None, None), &facts, self.changed);
            self.kept.done_once[place] = self.take(whose, name, brought);
        }
        Ok(())
    }

    /// The next row, with or without mistakes.
    pub(super) fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Reading> {
        let position = self.chosen.pop_front()?;
        match self.row(position, diagnostics) {
            Ok(reading) => reading,
            Err(error) => {
                self.kept.error = Some(error);
                None
            }
        }
    }

    fn row(&mut self, position: u64, diagnostics: &mut Diagnostics) -> Result<Option<Reading>, JournalError> {
        let gone = || JournalError::Damaged(format!("the row at {position} is missing"));
        let was = self.reader.row(position)?.ok_or_else(gone)?;
        let again = match &mut self.reread {
            Some(file) => file.next_reading(diagnostics),
            None => None,
        };
        let (row, origin) = match (self.corrected.remove(&was.key), again) {
            (Some(row), _) => (self.corrected_row(row, &was), Origin::Corrected),
            (None, Some(Reading::Invalid(row))) => {
                return Ok(Some(Reading::Invalid(InvalidRow { position, ..row })));
            }
            (None, Some(Reading::Row(row))) => (with_lists(row, &was), Origin::Reread),
            (None, None) => (as_it_was(&was), Origin::Journal),
        };
        self.kept.origin = origin;
        if row.key != was.key {
            let shown = |key| self.new.plan.shown_key(key);
            let (number, known, now) = (was.number, shown(&was.key), shown(&row.key));
            let message = format!("Row {number}: the run knows it as `{known}`, and now its key is `{now}`");
            let about = AboutRow { number, key: Some(known.to_owned()), file: self.file_name() };
            let wrong = Diagnostic::error("bad-value", message).about("key").of_row(about);
            diagnostics.push(wrong.help("Keep the playbook's `key` as it was."));
        }
        let facts = self.reader.facts(StepScope::Row(position))?;
        let changed = self.changed || !matches!(origin, Origin::Journal);
        let brought =
            self.import_row(StepScope::Row(position), &was.key, (Some(&was.cells), Some(&row.cells)), &facts, changed);
        self.kept.done = self.take(StepScope::Row(position), &was.key, brought);
        Ok(Some(Reading::Row(Row { position, ..row })))
    }

    fn import_row(
        &self,
        whose: StepScope,
        key: &str,
        (was, is): (Option<&Map>, Option<&Map>),
        facts: &[(Time, Fact)],
        changed: bool,
    ) -> Result<ImportedRow, Vec<ImportConflict>> {
        let earlier = PriorRow { scope: whose, key, cells: was, facts, run: &self.run };
        import_row(earlier, &self.old, &self.new, is, changed).map_err(|mut conflicts| {
            let mut masks = row_masks(&self.old, earlier);
            masks.extend(self.new.plan.masks(is));
            for conflict in &mut conflicts {
                conflict.message = masks.text(&conflict.message).into_owned();
            }
            conflicts
        })
    }

    /// Keeps what a scope brings along; gives which of its steps are done.
    fn take(&mut self, whose: StepScope, name: &str, brought: Result<ImportedRow, Vec<ImportConflict>>) -> Vec<bool> {
        match brought {
            Ok(ImportedRow { facts, done, recreated }) => {
                for what in recreated {
                    *self.kept.recreated.entry(what).or_default() += 1;
                }
                if !facts.is_empty() {
                    self.kept.facts.push((whose, facts));
                }
                done
            }
            Err(conflicts) => {
                self.kept.conflicts.extend(conflicts.into_iter().map(|conflict| (name.to_owned(), conflict)));
                Vec::new()
            }
        }
    }

    /// A corrected row over the row as it was: a column or list that its file lacks stays as it was.
    fn corrected_row(&self, row: Row, was: &FrozenRow) -> Row {
        let raw = match &self.file {
            Some(file) => file.raw_as(&row, &self.dialect, &was.raw),
            None => was.raw.clone(),
        };
        with_lists(Row { raw, ..row }, was)
    }

    pub(super) fn is_done(&self, step: usize) -> bool {
        self.kept.done.get(step).copied().unwrap_or(false)
    }

    pub(super) fn is_done_once(&self, list: usize, step: usize) -> bool {
        self.kept.done_once[list].get(step).copied().unwrap_or(false)
    }

    pub(super) fn place(&self, row: &Row, column: &str) -> Option<Place> {
        self.origin_file().map(|file| file.place(row, column))
    }

    /// The file that the present row comes from; none where it is as the journal has it.
    pub(super) fn origin_file(&self) -> Option<&RowFile> {
        match self.kept.origin {
            Origin::Journal => None,
            Origin::Corrected => self.file.as_ref(),
            Origin::Reread => self.reread.as_ref(),
        }
    }

    /// Where the present row comes from, as messages name it.
    pub(super) fn file_name(&self) -> String {
        self.origin_file().map_or_else(|| format!("run {}", self.run), |file| file.name().to_owned())
    }
}

/// Cells that the row does not have, such as its lists, from the row as it was.
fn with_lists(mut row: Row, was: &FrozenRow) -> Row {
    for (name, value) in was.cells.iter().filter(|(name, _)| !row.cells.contains_key(*name)).collect::<Vec<_>>() {
        blanks(name, value, &mut row.blanks);
        row.cells.insert(name.clone(), value.clone());
    }
    row
}

fn as_it_was(was: &FrozenRow) -> Row {
    let row = Row { number: was.number, key: was.key.clone(), raw: was.raw.clone(), ..Row::only() };
    with_lists(row, was)
}

/// The blank cells at and below a place: those that are neither optional nor have a default stand as `""`.
fn blanks(path: &str, value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) if text.is_empty() => into.push(path.to_owned()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for (name, cell) in item.as_object().into_iter().flatten() {
                    blanks(&format!("{path}.{at}.{name}"), cell, into);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {}
    }
}
