//! A list: the rows of a second file, kept as text and given to the row they belong to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Place, Severity, hidden_difference, visual_form};
use crate::model::{TextEncoding, Value};
use crate::playbook::{ListDecl, Orphans};
use crate::rows::checks::{FileCheck, no_rows, note_encoding};
use crate::rows::formats::{ExpectedColumns, Input, RecordLayout, open_reader};
use crate::rows::keys::joined;
use crate::rows::record::{ListColumns, Record, RecordReader};
use crate::rows::table::{RecordPlaces, Table};

/// The most match values with look-alike characters that are remembered.
const MOST_STRANGE: usize = 10_000;

/// A list, read whole. Its text is kept once, as in the file; cells are converted when a row asks for them.
pub(super) struct List {
    decl: ListDecl,
    table: Table,
    layout: RecordLayout,
    ties: Vec<usize>,
    /// Indexes of the row's columns that it is matched by, in the row's table; set when the row file opens.
    pub(super) row_ties: Vec<usize>,
    hashers: (RandomState, RandomState),
    text: String,
    entries: Vec<ListEntry>,
    matched: Vec<bool>,
    /// Row numbers of the list, by the visual form of their match value where it differs from the value itself.
    strange: HashMap<String, Vec<u64>>,
    /// By row number of the list: a row whose value looks the same and is another, and how the two differ.
    near: HashMap<u64, (u64, String)>,
}

/// One record of the list, with a 128-bit hash of its match value.
struct ListEntry {
    hash: u128,
    start: usize,
    end: usize,
    line: usize,
    number: u64,
}

/// The elements that belong to one row.
pub(super) struct Elements {
    pub(super) values: Vec<Value>,
    /// Paths of blank cells, as `index.column`.
    pub(super) blanks: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
}

impl List {
    /// Reads a list's file. Errors of form are reported now; those of cells when a row asks for its elements.
    pub(super) fn open(decl: &ListDecl, input: Input, unmask: bool, diagnostics: &mut Diagnostics) -> Option<Self> {
        let ties: Vec<&str> = decl.matches.iter().map(|tie| tie.list.value.as_str()).collect();
        let expected = ExpectedColumns::of(&decl.columns, ties.iter().copied()).unmasked(unmask);
        let file = input.name.clone();
        let mut reader = open_reader(input, &expected, &decl.form, diagnostics)?;
        let table = Table::bind(&file, reader.as_ref(), &decl.columns, &[], unmask, diagnostics)?;
        let what = format!("The `match` of the list `{}`", decl.name);
        let ties = table.find(ties, &what, reader.as_ref(), diagnostics)?;
        let mut this = Self {
            decl: decl.clone(),
            table,
            layout: reader.dialect().layout(),
            ties,
            row_ties: Vec::new(),
            hashers: (RandomState::new(), RandomState::new()),
            text: String::new(),
            entries: Vec::new(),
            matched: Vec::new(),
            strange: HashMap::new(),
            near: HashMap::new(),
        };
        this.read(reader.as_mut(), diagnostics);
        Some(this)
    }

    fn read(&mut self, reader: &mut dyn RecordReader, diagnostics: &mut Diagnostics) {
        let mut record = Record::default();
        let mut check = FileCheck::of(&self.table, &self.ties);
        loop {
            match reader.read(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    diagnostics.push(error.diagnostic(&self.table.file, self.table.is_masked()));
                    break;
                }
            }
            if let Some(problem) = self.table.malformed(&record) {
                diagnostics.push(problem.of_row(self.about(record.number, None)));
            } else if !record.is_blank(self.table.columns.len()) {
                check.inspect(&self.table, &record);
                self.take(&record, diagnostics);
            }
        }
        if self.entries.is_empty() && !diagnostics.has_errors() {
            diagnostics.push(no_rows(&self.table.file));
        }
        check.report(diagnostics);
        if let Some(found) = reader.detected_encoding().filter(|found| *found != TextEncoding::Utf8) {
            note_encoding(&self.table.file, found, diagnostics);
        }
        diagnostics.extend(reader.remarks(&self.table.file));
        // The sort is stable, so the elements of a row keep the file's order.
        self.entries.sort_by_key(|entry| entry.hash);
        self.matched = vec![false; self.entries.len()];
    }

    fn take(&mut self, record: &Record, diagnostics: &mut Diagnostics) {
        let parts: Vec<String> = self.ties.iter().filter_map(|&at| record.cell(at)).map(Into::into).collect();
        if let Some(blank) = parts.iter().position(|part| part.trim().is_empty()) {
            let name = &self.decl.matches[blank].list.value;
            let message = format!("Row {} of the list `{}` has a blank `{name}`", record.number, self.decl.name);
            let place = RecordPlaces::of(&self.table, record).cell(self.ties[blank]);
            let help = "Write the value of the row that it belongs to, or delete the row";
            let blank = Diagnostic::error("blank-cell", message).about(name.as_str());
            diagnostics.push(blank.of_row(self.about(record.number, None)).at(place, "blank").help(help));
            return;
        }
        let start = self.text.len();
        self.text.push_str(&record.text);
        let key = joined(&parts);
        let hash = self.hash(&key);
        if let Cow::Owned(looks) = visual_form(&key)
            && looks != key
            && self.strange.len() < MOST_STRANGE
        {
            self.strange.entry(looks).or_default().push(record.number);
        }
        self.entries.push(ListEntry { hash, start, end: self.text.len(), line: record.line, number: record.number });
    }

    fn hash(&self, key: &str) -> u128 {
        u128::from(self.hashers.0.hash_one(key)) << 64 | u128::from(self.hashers.1.hash_one(key))
    }

    /// The list's name in templates.
    pub(super) fn name(&self) -> &str {
        &self.decl.name
    }

    /// Its declaration in the playbook.
    pub(super) fn decl(&self) -> &ListDecl {
        &self.decl
    }

    /// The columns of its elements.
    pub(super) fn columns(&self) -> ListColumns {
        ListColumns { name: self.decl.name.clone(), columns: self.table.columns(&self.ties) }
    }

    fn range(&self, key: &str) -> std::ops::Range<usize> {
        let hash = self.hash(key);
        let from = self.entries.partition_point(|entry| entry.hash < hash);
        let count = self.entries[from..].partition_point(|entry| entry.hash == hash);
        from..from + count
    }

    fn record(&self, entry: &ListEntry) -> Record {
        self.layout.reread(&self.text[entry.start..entry.end], entry.line, entry.number)
    }

    /// The elements of row `number`, whose match value is `parts`.
    pub(super) fn elements(&mut self, parts: &[impl AsRef<str>], number: u64) -> Elements {
        let key = joined(parts);
        self.note_alike(&key, number);
        let range = self.range(&key);
        self.matched[range.clone()].fill(true);
        let mut all = Elements { values: Vec::with_capacity(range.len()), blanks: Vec::new(), problems: Vec::new() };
        for (index, entry) in self.entries[range].iter().enumerate() {
            let before = all.problems.len();
            let cells = self.table.cells(&self.record(entry), &self.ties, &mut all.problems);
            for problem in &mut all.problems[before..] {
                problem.row = Some(self.about(entry.number, None));
            }
            all.blanks.extend(cells.blanks.iter().map(|blank| format!("{index}.{blank}")));
            all.values.push(Value::Object(cells.map));
        }
        all
    }

    /// The subject of a message: a row of the list.
    fn about(&self, number: u64, key: Option<String>) -> AboutRow {
        AboutRow { number, key, file: self.table.file.clone() }
    }

    /// The file's name as shown.
    pub(super) fn file(&self) -> &str {
        &self.table.file
    }

    /// The row number, in the list's file, of an element of the row whose match value is `parts`.
    pub(super) fn number(&self, parts: &[impl AsRef<str>], index: usize) -> Option<u64> {
        self.entries[self.range(&joined(parts))].get(index).map(|entry| entry.number)
    }

    /// Remembers rows of the list whose match value looks like that of `row` and differs.
    fn note_alike(&mut self, key: &str, row: u64) {
        let looks = visual_form(key);
        let strange = looks.as_ref() != key;
        if !strange && self.strange.is_empty() {
            return;
        }
        let mut numbers: Vec<u64> = self.strange.get(looks.as_ref()).cloned().unwrap_or_default();
        if strange {
            numbers.extend(self.entries[self.range(&looks)].iter().map(|entry| entry.number));
        }
        for entry in self.entries.iter().filter(|entry| numbers.contains(&entry.number)) {
            let record = self.record(entry);
            let parts: Vec<_> = self.ties.iter().filter_map(|at| record.cell(*at)).collect();
            if let Some(difference) = hidden_difference(&joined(&parts), key) {
                self.near.entry(entry.number).or_insert((row, difference));
            }
        }
    }

    /// The error for a row with too few or too many elements: what the row has, and the cure.
    pub(super) fn miscount(&self, count: usize) -> Option<(String, &'static str)> {
        let count = count as u64;
        let wrong =
            |bound: u64, word: &str| format!("has {count} of `{}`, and {word} {bound} are needed", self.decl.name);
        if let Some(min) = self.decl.min.filter(|&min| count < min) {
            return Some((wrong(min, "at least"), "Add the missing rows to the list's file"));
        }
        let max = self.decl.max.filter(|&max| count > max)?;
        Some((
            format!("has {count} of `{}`, and at most {max} are allowed", self.decl.name),
            "Take rows out of the list's file",
        ))
    }

    /// The place of an element, or of its cell `column`.
    pub(super) fn place(&self, parts: &[impl AsRef<str>], index: usize, column: Option<&str>) -> Option<Place> {
        let entry = self.entries[self.range(&joined(parts))].get(index)?;
        let at = column.and_then(|name| {
            self.table.columns.iter().position(|column| column.as_ref().is_some_and(|column| column.decl.name == name))
        });
        Some(RecordPlaces::of(&self.table, &self.record(entry)).cell(at.or(self.ties.first().copied())?))
    }

    /// A single error if no row of the list matches any row, because then `match` names the wrong columns. `rows` are
    /// the columns of the row file.
    pub(super) fn unmatched(&self, rows: &Table) -> Option<Diagnostic> {
        if self.decl.orphans == Orphans::Ignore || self.entries.len() < 2 || self.matched.contains(&true) {
            return None;
        }
        let first = self.entries.iter().min_by_key(|entry| entry.line)?;
        let record = self.record(first);
        let ties: Vec<String> = self.decl.matches.iter().map(|tie| format!("`{}`", tie.list.value)).collect();
        let own: Vec<String> = self.decl.matches.iter().map(|tie| format!("`{}`", tie.row.value)).collect();
        let message = format!(
            "None of the {} rows of the list `{}` matches a row: no {} of them is a {} of {}",
            self.entries.len(),
            self.decl.name,
            ties.join(" and "),
            own.join(" and "),
            rows.file,
        );
        let named = |table: &Table| -> Vec<String> {
            table.columns.iter().flatten().map(|column| column.decl.name.clone()).collect()
        };
        let (of_rows, of_list) = (named(rows), named(&self.table));
        let tied =
            |name: &String| self.decl.matches.iter().any(|tie| tie.row.value == *name && tie.list.value == *name);
        let both = of_rows.iter().find(|name| of_list.contains(name) && !tied(name));
        let help = match both {
            Some(both) => format!("Both files have a column `{both}`: perhaps `match: {both}`"),
            None => "Correct the list's `match`, or give the file that belongs to these rows".to_owned(),
        };
        let place = RecordPlaces::of(&self.table, &record).cell(self.ties[0]);
        Some(Diagnostic::error("orphan", message).at(place, "the first of them").help(help))
    }

    /// Reports each row of the list that matches no row.
    pub(super) fn report_orphans(&self, diagnostics: &mut Diagnostics) {
        match self.decl.orphans {
            Orphans::Error => {}
            Orphans::Ignore => {
                let unmatched = self.entries.iter().zip(&self.matched).filter(|(_, matched)| !**matched);
                let first = unmatched.filter(|(entry, _)| self.near.contains_key(&entry.number));
                let first = first.map(|(entry, _)| entry).min_by_key(|entry| entry.line);
                diagnostics.extend(first.map(|entry| Diagnostic {
                    code: "alike-key",
                    ..Diagnostic { severity: Severity::Warning, ..self.orphan(entry) }
                }));
                return;
            }
        }
        let mut orphans: Vec<&ListEntry> =
            self.entries.iter().zip(&self.matched).filter(|(_, matched)| !**matched).map(|(entry, _)| entry).collect();
        orphans.sort_by_key(|entry| entry.line);
        diagnostics.extend(orphans.iter().map(|entry| self.orphan(entry)));
    }

    fn orphan(&self, entry: &ListEntry) -> Diagnostic {
        let record = self.record(entry);
        let shown = |at: usize| Some(self.table.columns[at].as_ref()?.decl.shown(&record.cell(at)?));
        let ties = self.ties.iter().zip(&self.decl.matches);
        let ties: Vec<String> =
            ties.filter_map(|(&at, tie)| Some(format!("`{}` {}", tie.row.value, shown(at)?))).collect();
        let key = shown(self.ties[0]).map(|key| key.trim_matches('`').to_owned());
        let message = format!(
            "Row {} of the list `{}` matches no row: none has the {}",
            entry.number,
            self.decl.name,
            ties.join(" and ")
        );
        let place = RecordPlaces::of(&self.table, &record).cell(self.ties[0]);
        let help = "Correct it, add the row, or write `orphans: ignore` in the list to leave such rows out";
        let shown = !self.ties.iter().filter_map(|at| self.table.columns[*at].as_ref()).any(|one| one.decl.sensitive);
        let help = match self.near.get(&entry.number) {
            Some((row, difference)) if shown => {
                format!("Row {row} has one that looks the same; {difference}. Write both alike")
            }
            Some((row, _)) => format!("Row {row} has one that looks the same and is another: write both alike"),
            None => help.to_owned(),
        };
        let orphan = Diagnostic::error("orphan", message).about(self.name()).of_row(self.about(entry.number, key));
        orphan.at(place, "no such row").help(help)
    }
}
