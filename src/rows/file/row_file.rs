//! Reads a row file one record at a time into rows, with the place of every error.

use bytes::Bytes;

use super::list::List;
use super::prior_outcomes::{PriorOutcomeColumns, PriorOutcomes};
use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Place};
use crate::model::{TextEncoding, Value};
use crate::rows::checks::{AlikeKeys, BlankRows, FileCheck, FoundCell, names_things, no_rows, note_encoding};
use crate::rows::keys::{KeyIndex, joined, no_scratch, part};
use crate::rows::record::{Column, Dialect, InvalidRow, ListColumns, MemberKind, Reading, Record, RecordReader, Row};
use crate::rows::table::{RecordPlaces, Table, TypedCells};

/// The error code of a row with too few or too many elements of a list.
const MISCOUNT: &str = "bad-value";

/// A row file being read.
pub struct RowFile {
    reader: Box<dyn RecordReader>,
    table: Table,
    key: Vec<usize>,
    keys: KeyIndex,
    alike: AlikeKeys,
    lists: Vec<List>,
    result_columns: Option<PriorOutcomeColumns>,
    prior_outcomes: PriorOutcomes,
    record: Record,
    position: u64,
    blank_rows: BlankRows,
    check: FileCheck,
    /// Whether a malformed row was met. Its elements are unknown then, so orphans cannot be reported.
    has_malformed_row: bool,
    ended: bool,
    /// For each column, whether a row had it (JSON only).
    seen: Vec<bool>,
    /// The detected encoding that was last reported.
    reported_encoding: TextEncoding,
}

impl RowFile {
    pub(super) fn new(reader: Box<dyn RecordReader>, table: Table, key: Vec<usize>, lists: Vec<List>) -> Self {
        let ties = lists.iter().flat_map(|list| &list.row_ties);
        let named: Vec<usize> = key.iter().chain(ties).copied().collect();
        let check = FileCheck::of(&table, &named);
        Self {
            result_columns: PriorOutcomeColumns::find(reader.heads()),
            reader,
            table,
            key,
            keys: KeyIndex::default(),
            alike: AlikeKeys::default(),
            lists,
            prior_outcomes: PriorOutcomes::default(),
            record: Record::default(),
            position: 0,
            blank_rows: BlankRows::default(),
            check,
            has_malformed_row: false,
            ended: false,
            seen: Vec::new(),
            reported_encoding: TextEncoding::default(),
        }
    }

    /// How the file is written.
    #[must_use]
    pub fn dialect(&self) -> &Dialect {
        self.reader.dialect()
    }

    /// The file's name as shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.table.file
    }

    /// The columns as templates see them.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        self.table.columns(&[])
    }

    /// The lists and their columns as templates see them.
    #[must_use]
    pub fn lists(&self) -> Vec<ListColumns> {
        self.lists.iter().map(List::columns).collect()
    }

    /// The outcomes from an earlier run that the rows read so far carry; see [`PriorOutcomes::refusal`].
    #[must_use]
    pub fn prior_outcomes(&self) -> &PriorOutcomes {
        &self.prior_outcomes
    }

    /// The next valid row. Errors of invalid rows before it are added to `diagnostics`.
    pub fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Row> {
        loop {
            match self.next_reading(diagnostics)? {
                Reading::Row(row) => return Some(row),
                Reading::Invalid(row) => diagnostics.extend(row.diagnostics),
            }
        }
    }

    /// The next row, valid or not. Messages about the whole file are added to `diagnostics`: an error that ends the
    /// reading, list rows that match no row, blank rows that are left out.
    pub fn next_reading(&mut self, diagnostics: &mut Diagnostics) -> Option<Reading> {
        while !self.ended {
            let read = self.reader.read(&mut self.record);
            self.note_encoding(diagnostics);
            match read {
                Ok(true) if self.record.problem.is_none() && self.record.is_blank(self.width()) => {
                    self.blank_rows.add(self.record.number);
                }
                Ok(true) => return Some(self.read_row()),
                Ok(false) => {
                    self.ended = true;
                    self.blank_rows.report(&self.table.file, diagnostics);
                    if self.position == 0 {
                        diagnostics.push(no_rows(&self.table.file));
                    }
                    self.check.report(diagnostics);
                    self.alike.report(diagnostics);
                    diagnostics.extend(self.reader.remarks(&self.table.file));
                    self.table.report_unseen(&self.seen, diagnostics);
                    if !self.has_malformed_row {
                        self.report_orphans(diagnostics);
                    }
                }
                Err(error) => {
                    self.ended = true;
                    diagnostics.push(error.diagnostic(&self.table.file, self.table.is_masked()));
                }
            }
        }
        None
    }

    /// Reports list rows that match no row. If none matches, one message about `match` replaces those about each row.
    fn report_orphans(&self, diagnostics: &mut Diagnostics) {
        for list in &self.lists {
            match list.unmatched(&self.table).filter(|_| self.position > 0) {
                Some(unmatched) => {
                    diagnostics.retract(MISCOUNT, list.name());
                    diagnostics.push(unmatched);
                }
                None => list.report_orphans(diagnostics),
            }
        }
    }

    /// Reports the detected encoding once it is known not to be UTF-8.
    fn note_encoding(&mut self, diagnostics: &mut Diagnostics) {
        let found = self.reader.detected_encoding().unwrap_or_default();
        if found != self.reported_encoding {
            self.reported_encoding = found;
            note_encoding(&self.table.file, found, diagnostics);
        }
    }

    fn width(&self) -> usize {
        self.reader.dialect().columns
    }

    /// The row's own bytes, without result columns.
    fn raw(&self) -> Bytes {
        let whole = self.result_columns.is_none() || self.record.cells.len() != self.table.width;
        self.record.raw(if whole { usize::MAX } else { self.width() })
    }

    fn read_row(&mut self) -> Reading {
        let position = self.position;
        self.position += 1;
        if let Some(columns) = &self.result_columns {
            columns.note(&self.record, &mut self.prior_outcomes);
            if self.record.unescape_formulas(self.reader.dialect().columns) {
                self.reader.keep_escaping();
            }
        }
        self.seen.resize(self.record.kinds.len(), false);
        for (seen, kind) in self.seen.iter_mut().zip(&self.record.kinds) {
            *seen |= *kind != MemberKind::Absent;
        }
        let (raw, number) = (self.raw(), self.record.number);
        if let Some(problem) = self.table.malformed(&self.record) {
            self.has_malformed_row = true;
            let problem = problem.of_row(AboutRow { number, key: None, file: self.table.file.clone() });
            return Reading::Invalid(InvalidRow { position, number, key: None, raw, diagnostics: vec![problem] });
        }
        self.check.inspect(&self.table, &self.record);
        let mut problems = Vec::new();
        let key = self.read_key(&mut problems);
        let mut cells = self.table.cells(&self.record, &[], &mut problems);
        self.join(&mut cells, &mut problems);
        self.name_row(key.as_deref(), &mut problems);
        match key {
            Some(key) if problems.is_empty() => Reading::Row(Row {
                position,
                number,
                line: self.record.line,
                key,
                raw,
                cells: cells.map,
                blanks: cells.blanks,
            }),
            key => Reading::Invalid(InvalidRow { position, number, key, raw, diagnostics: problems }),
        }
    }

    /// Names the row in messages about it. Messages about a row of a list already have one, and get its key.
    fn name_row(&self, key: Option<&str>, problems: &mut [Diagnostic]) {
        if problems.is_empty() {
            return;
        }
        let key = key.map(|key| self.bare_key(key));
        for problem in problems {
            match &mut problem.row {
                Some(row) => row.key = row.key.take().or_else(|| key.clone()),
                None => {
                    let (number, file) = (self.record.number, self.table.file.clone());
                    problem.row = Some(AboutRow { number, key: key.clone(), file });
                }
            }
        }
    }

    /// The key as programs see it: whole, or masked.
    fn bare_key(&self, key: &str) -> String {
        let mut columns = self.key.iter().filter_map(|at| self.table.columns[*at].as_ref());
        if columns.any(|column| column.decl.sensitive) { "***".to_owned() } else { key.to_owned() }
    }

    /// The row's key, if it is not blank and not taken. Of several parts, optional ones may be blank, but not all.
    fn read_key(&mut self, problems: &mut Vec<Diagnostic>) -> Option<String> {
        let number = self.record.number;
        let places = RecordPlaces::of(&self.table, &self.record);
        let cells: Vec<_> = self.key.iter().map(|&at| self.record.cell(at).unwrap_or_default()).collect();
        let parts: Vec<&str> = cells.iter().map(|cell| part(cell)).collect();
        let must = |at: usize| !self.table.columns[at].as_ref().is_some_and(|column| column.decl.optional);
        let all_blank = parts.iter().all(|part| part.is_empty());
        let blank = |(part, at): (&&str, &usize)| part.is_empty() && (all_blank || must(*at));
        if let Some(at) = parts.iter().zip(&self.key).position(blank) {
            let place = places.cell(self.key[at]);
            let (message, help) = match self.key.as_slice() {
                [_] => (
                    format!("The key of row {number} is blank"),
                    "A key names its row in the run's record: fill it in, or delete the row".to_owned(),
                ),
                several if all_blank => (
                    format!("The key of row {number} is blank in all of its {} columns", several.len()),
                    "A key names its row in the run's record: fill in a part of it, or delete the row".to_owned(),
                ),
                _ => {
                    let name = self.column_name(self.key[at]);
                    let help = format!(
                        "Fill it in; where a row may do without it, declare the column with `{name}: {{ optional: true \
                         }}`, and the blank is a part of the key"
                    );
                    (format!("The key of row {number} is blank in its column `{name}`"), help)
                }
            };
            problems.push(Diagnostic::error("blank-cell", message).about("key").at(place, "blank").help(help));
            return None;
        }
        let key = joined(&parts);
        let first = match self.keys.insert(key.as_str(), number) {
            Ok(None) => {
                let shown =
                    !self.key.iter().filter_map(|at| self.table.columns[*at].as_ref()).any(|one| one.decl.sensitive);
                let found = || FoundCell { place: places.cell(self.key[0]), row: number };
                if let Err(error) = self.alike.see(&key, &mut self.keys, shown, &found) {
                    problems.push(no_scratch(&error));
                }
                return Some(key);
            }
            Ok(Some(first)) => first,
            Err(error) => {
                problems.push(no_scratch(&error));
                return None;
            }
        };
        let message = format!("The key {} of row {number} is that of row {first} too", self.shown_key(&key));
        let label = format!("first in row {first}");
        let twice = Diagnostic::error("duplicate-key", message).about("key").at(places.cell(self.key[0]), label);
        problems.push(twice.help(self.key_help()));
        None
    }

    /// The cure for a duplicate key: names the column that most likely tells the rows apart.
    fn key_help(&self) -> String {
        let other = |at: &usize| !self.key.contains(at) && self.table.columns[*at].is_some();
        let filled = |at: &usize| self.record.cell(*at).is_some_and(|cell| !cell.trim().is_empty());
        let places: Vec<usize> = (0..self.table.columns.len()).filter(other).collect();
        let names = |at: &usize| names_things(self.column_name(*at));
        let id = |at: &usize| self.column_name(*at).to_lowercase().ends_with("id");
        let optional = |at: &usize| self.table.columns[*at].as_ref().is_some_and(|column| column.decl.optional);
        let further = (places.iter().find(|at| optional(at) && names(at)))
            .or_else(|| places.iter().find(|at| id(at)))
            .or_else(|| places.iter().find(|at| names(at)))
            .or_else(|| places.iter().find(|at| filled(at)));
        let Some(further) = further.map(|at| self.column_name(*at)) else {
            return "Each row needs a key of its own: take one of the two away".to_owned();
        };
        let names = self.key.iter().map(|at| self.column_name(*at)).chain([further]).map(yaml_word);
        let names: Vec<String> = names.collect();
        let further = yaml_word(further);
        format!(
            "Each row needs a key of its own: take one of the two away, or name more columns, such as `key: [{}]`; where \
             that one is blank in some rows (a row for the whole, a row for a part), declare it with `{further}: {{ \
             optional: true }}`",
            names.join(", ")
        )
    }

    /// The name in templates of the column at an index.
    fn column_name(&self, at: usize) -> &str {
        self.table.columns[at].as_ref().map_or("", |column| column.decl.name.as_str())
    }

    fn shown_key(&self, key: &str) -> String {
        let column = |at: &usize| self.table.columns[*at].as_ref();
        let sensitive = self.key.iter().filter_map(column).find(|column| column.decl.sensitive);
        let shown = sensitive.or_else(|| self.key.first().and_then(column));
        shown.map_or_else(String::new, |column| column.decl.shown(key))
    }

    /// Adds the elements of each list to the cells.
    fn join(&mut self, cells: &mut TypedCells, problems: &mut Vec<Diagnostic>) {
        for list in &mut self.lists {
            let record = &self.record;
            let parts: Vec<_> = list.row_ties.iter().map(|&at| record.cell(at).unwrap_or_default()).collect();
            let elements = list.elements(&parts, record.number);
            if let Some((what, help)) = list.miscount(elements.values.len()) {
                let place = RecordPlaces::of(&self.table, record).cell(list.row_ties[0]);
                let message = format!("Row {} {what}", record.number);
                let miscounted = Diagnostic::error(MISCOUNT, message).about(list.name()).at(place, "this row");
                problems.push(miscounted.help(help));
            }
            problems.extend(elements.problems);
            cells.blanks.extend(elements.blanks.iter().map(|blank| format!("{}.{blank}", list.name())));
            cells.map.insert(list.name().to_owned(), Value::Array(elements.values));
        }
    }

    /// The place of a cell. A path is `column`, `list`, `list.index` or `list.index.column`; any other gives the row's
    /// key.
    #[must_use]
    pub fn place(&self, row: &Row, path: &str) -> Place {
        let raw = self.dialect().encoding.decode(&row.raw);
        let mut record = self.dialect().layout().reread(&raw, row.line, row.number);
        // The row's bytes lack the result columns, which the table's width counts.
        record.pad(self.table.width);
        if let Some(place) = self.place_in_list(&record, path) {
            return place;
        }
        let named =
            self.table.columns.iter().position(|column| column.as_ref().is_some_and(|column| column.decl.name == path));
        RecordPlaces::of(&self.table, &record).cell(named.unwrap_or(self.key[0]))
    }

    /// The row number and the file of the list element at `path` (`list.index` or `list.index.column`); `None` if it is
    /// no element.
    #[must_use]
    pub fn element(&self, row: &Row, path: &str) -> Option<(u64, &str)> {
        let raw = self.dialect().encoding.decode(&row.raw);
        let record = self.dialect().layout().reread(&raw, row.line, row.number);
        let mut parts = path.split('.');
        let list = parts.next().and_then(|name| self.lists.iter().find(|list| list.name() == name))?;
        let index = parts.next()?.parse().ok()?;
        let ties: Vec<_> = list.row_ties.iter().map(|&at| record.cell(at).unwrap_or_default()).collect();
        Some((list.number(&ties, index)?, list.file()))
    }

    fn place_in_list(&self, record: &Record, path: &str) -> Option<Place> {
        let list = self
            .lists
            .iter()
            .find(|list| path.strip_prefix(list.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))?;
        let mut rest = path[list.name().len()..].splitn(3, '.').skip(1);
        let parts: Vec<_> = list.row_ties.iter().map(|&at| record.cell(at).unwrap_or_default()).collect();
        match rest.next().and_then(|index| index.parse().ok()) {
            Some(index) => list.place(&parts, index, rest.next()),
            None => Some(RecordPlaces::of(&self.table, record).cell(list.row_ties[0])),
        }
    }
}

/// A name as YAML source, quoted if needed.
fn yaml_word(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.');
    let is_plain = name.chars().all(plain) && name.starts_with(char::is_alphabetic);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}
