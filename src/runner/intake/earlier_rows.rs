//! The rows of an earlier run, taken again: unchanged or corrected, each with the facts that it keeps.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Place};
use crate::engine::{ImportConflict, ImportedRow, PlanView, PriorRow, RecreatedEffect, import_row, row_masks};
use crate::io::journal::{JournalError, Reader};
use crate::journal::{Fact, FrozenRow};
use crate::model::{Map, RunId, StepScope, Time, Value};
use crate::rows::{Dialect, InvalidRow, Reading, Row, RowFile};

/// The rows of an earlier run.
pub struct EarlierRows {
    /// The earlier run's journal.
    pub reader: Reader,
    /// The earlier run.
    pub run: RunId,
    /// The positions of the rows that are taken.
    pub chosen: VecDeque<u64>,
    /// The format of the earlier run's row file.
    pub dialect: Dialect,
    /// Corrected rows, by key.
    pub corrected: HashMap<String, Row>,
    /// The file of the corrected rows; `None` if there are none.
    pub file: Option<RowFile>,
    /// The rows as they were, read again under a corrected playbook, in the order of `chosen`. `None` if they need not be.
    pub reread: Option<RowFile>,
    /// The plan of the earlier run.
    pub old: PlanView,
    /// The plan of this run, with the template names of the earlier run.
    pub new: PlanView,
    /// Whether the playbook was changed.
    pub changed: bool,
    /// What the rows taken so far keep of the earlier run.
    pub carryover: Carryover,
}

/// What rows keep of an earlier run.
#[derive(Default)]
pub struct Carryover {
    /// The facts that each row begins with.
    pub facts: Vec<(StepScope, Vec<Fact>)>,
    /// Done calls whose requests would now be different, with their rows' keys.
    pub conflicts: Vec<(String, ImportConflict)>,
    /// Effects that were made, undone and will be made again, with the number of rows.
    pub recreated: BTreeMap<RecreatedEffect, u64>,
    /// The error that ended the reading of the journal; `None` if it was read to its end.
    pub error: Option<JournalError>,
    /// Which steps of the current row are done.
    done: Vec<bool>,
    /// Where the current row comes from.
    origin: RowOrigin,
    /// Which steps of `before` and `after` are done.
    done_once: [Vec<bool>; 2],
}

/// Where a row of an earlier run comes from.
#[derive(Default, Clone, Copy)]
enum RowOrigin {
    #[default]
    Journal,
    Corrected,
    Reread,
}

impl EarlierRows {
    /// Carries over the facts of the steps that run once.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be read.
    pub fn carry_once(&mut self) -> Result<(), JournalError> {
        for (place, whose, name) in [(0, StepScope::Before, "before"), (1, StepScope::After, "after")] {
            let facts = self.reader.facts(whose)?;
            let imported = self.import_row(whose, "", (None, None), &facts, self.changed);
            self.carryover.done_once[place] = self.take(whose, name, imported);
        }
        Ok(())
    }

    /// The next row, with or without mistakes.
    pub(super) fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Reading> {
        let position = self.chosen.pop_front()?;
        match self.row(position, diagnostics) {
            Ok(reading) => reading,
            Err(error) => {
                self.carryover.error = Some(error);
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
            (Some(row), _) => (self.corrected_row(row, &was), RowOrigin::Corrected),
            (None, Some(Reading::Invalid(row))) => {
                return Ok(Some(Reading::Invalid(InvalidRow { position, ..row })));
            }
            (None, Some(Reading::Row(row))) => (with_missing_cells(row, &was), RowOrigin::Reread),
            (None, None) => (as_it_was(&was), RowOrigin::Journal),
        };
        self.carryover.origin = origin;
        if row.key != was.key {
            let shown = |key| self.new.plan.shown_key(key);
            let (number, known, now) = (was.number, shown(&was.key), shown(&row.key));
            let message = format!("Row {number}: the run knows it as `{known}`, and now its key is `{now}`");
            let about = AboutRow { number, key: Some(known.to_owned()), file: self.file_name() };
            let wrong = Diagnostic::error("bad-value", message).about("key").of_row(about);
            diagnostics.push(wrong.help("Keep the playbook's `key` as it was."));
        }
        let facts = self.reader.facts(StepScope::Row(position))?;
        let changed = self.changed || !matches!(origin, RowOrigin::Journal);
        let imported =
            self.import_row(StepScope::Row(position), &was.key, (Some(&was.cells), Some(&row.cells)), &facts, changed);
        self.carryover.done = self.take(StepScope::Row(position), &was.key, imported);
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

    /// Keeps what a scope carries over and returns which of its steps are done.
    fn take(&mut self, whose: StepScope, name: &str, imported: Result<ImportedRow, Vec<ImportConflict>>) -> Vec<bool> {
        match imported {
            Ok(ImportedRow { facts, done, recreated }) => {
                for what in recreated {
                    *self.carryover.recreated.entry(what).or_default() += 1;
                }
                if !facts.is_empty() {
                    self.carryover.facts.push((whose, facts));
                }
                done
            }
            Err(conflicts) => {
                self.carryover.conflicts.extend(conflicts.into_iter().map(|conflict| (name.to_owned(), conflict)));
                Vec::new()
            }
        }
    }

    /// A corrected row; a column or list that its file lacks stays as it was.
    fn corrected_row(&self, row: Row, was: &FrozenRow) -> Row {
        let raw = match &self.file {
            Some(file) => file.raw_as(&row, &self.dialect, &was.raw),
            None => was.raw.clone(),
        };
        with_missing_cells(Row { raw, ..row }, was)
    }

    pub(super) fn is_done(&self, step: usize) -> bool {
        self.carryover.done.get(step).copied().unwrap_or(false)
    }

    pub(super) fn is_done_once(&self, list: usize, step: usize) -> bool {
        self.carryover.done_once[list].get(step).copied().unwrap_or(false)
    }

    pub(super) fn place(&self, row: &Row, column: &str) -> Option<Place> {
        self.origin_file().map(|file| file.place(row, column))
    }

    /// The file that the current row comes from; `None` if it comes from the journal.
    pub(super) fn origin_file(&self) -> Option<&RowFile> {
        match self.carryover.origin {
            RowOrigin::Journal => None,
            RowOrigin::Corrected => self.file.as_ref(),
            RowOrigin::Reread => self.reread.as_ref(),
        }
    }

    /// The source of the current row, as messages name it.
    pub(super) fn file_name(&self) -> String {
        self.origin_file().map_or_else(|| format!("run {}", self.run), |file| file.name().to_owned())
    }
}

/// Adds cells that a row lacks, such as its lists, from the row as it was.
fn with_missing_cells(mut row: Row, was: &FrozenRow) -> Row {
    for (name, value) in was.cells.iter().filter(|(name, _)| !row.cells.contains_key(*name)).collect::<Vec<_>>() {
        blanks(name, value, &mut row.blanks);
        row.cells.insert(name.clone(), value.clone());
    }
    row
}

/// The row as it is in the journal.
fn as_it_was(was: &FrozenRow) -> Row {
    let row = Row { number: was.number, key: was.key.clone(), raw: was.raw.clone(), ..Row::only() };
    with_missing_cells(row, was)
}

/// Collects the paths of blank cells at and below `path`. Cells that are neither optional nor have a default are `""`.
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
