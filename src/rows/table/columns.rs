//! A header matched with what the playbook declares: which cell is which column, and how a record becomes cells.

use std::collections::HashMap;

use super::places::Cite;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span, hidden_difference, near_miss, visual_form};
use crate::model::{Map, Value, as_text};
use crate::playbook::{CellProblem, ColumnDecl, ColumnType};
use crate::rows::formats::json::{Kind, token};
use crate::rows::record::Column;
use crate::rows::record::RowFormat;
use crate::rows::record::{Reader, Record};
use crate::rows::result_columns::UNREAD;
use crate::yaml::did_you_mean_key;

/// The columns of one file.
pub(in crate::rows) struct Table {
    /// The file's name as shown.
    pub(in crate::rows) file: String,
    /// One for each head that is not ours; without a declaration of its own it is text. `None` where the head is blank.
    pub(in crate::rows) columns: Vec<Option<Bound>>,
    /// How many heads the file has, ours included.
    pub(in crate::rows) width: usize,
}

/// A column of the file and what is known of it.
pub(in crate::rows) struct Bound {
    /// Its declaration; `sensitive` only where its cells must not be shown in messages.
    pub(in crate::rows) decl: ColumnDecl,
    pub(in crate::rows) declared: bool,
    sensitive: bool,
}

/// A record's cells, typed.
#[derive(Default)]
pub(in crate::rows) struct Cells {
    pub(in crate::rows) map: Map,
    pub(in crate::rows) blanks: Vec<String>,
}

impl Table {
    /// Matches a file's header with the declared columns; what does not fit is reported and gives `None`.
    pub(in crate::rows) fn bind(
        file: &str,
        reader: &dyn Reader,
        decls: &[ColumnDecl],
        veiled: &[String],
        unmask: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let heads = &reader.heads()[..reader.dialect().columns];
        let header = Header::of(file, reader);
        let mut sound = header.check_unique(diagnostics);
        let mut by_head: HashMap<&str, &ColumnDecl> = decls.iter().map(|decl| (decl.head(), decl)).collect();
        let columns: Vec<Option<Bound>> = heads
            .iter()
            .map(|head| match by_head.remove(head.as_str()) {
                Some(decl) => Some(Bound::new(decl.clone(), true, unmask)),
                None if head.is_empty() => None,
                None => {
                    let text = ColumnDecl::text(head.as_str(), Span::default());
                    Some(Bound::new(ColumnDecl { sensitive: veiled.contains(head), ..text }, false, unmask))
                }
            })
            .collect();
        let missing: Vec<&ColumnDecl> = decls.iter().filter(|decl| by_head.contains_key(decl.head())).collect();
        diagnostics.extend(header.all_missing(&missing));
        sound &= missing.is_empty();
        sound &= header.check_names(&columns, diagnostics);
        let width = reader.heads().len();
        sound.then(|| Self { file: file.to_owned(), columns, width })
    }

    /// Where the columns of those names stand; a name that is none is reported.
    pub(in crate::rows) fn find<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        what: &str,
        reader: &dyn Reader,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<usize>> {
        let header = Header::of(&self.file, reader);
        let find = |name: &str| {
            self.columns.iter().position(|column| column.as_ref().is_some_and(|column| column.decl.name == name))
        };
        let places: Vec<Option<usize>> = names
            .into_iter()
            .map(|name| {
                let found = find(name);
                if found.is_none() {
                    let known = self.columns.iter().flatten().map(|column| column.decl.name.as_str());
                    diagnostics.push(header.unnamed(name, what, near_miss(name, known)));
                }
                found
            })
            .collect();
        places.into_iter().collect()
    }

    /// Whether messages must hide some cells.
    pub(in crate::rows) fn is_masked(&self) -> bool {
        self.columns.iter().flatten().any(|column| column.decl.sensitive)
    }

    /// Says which declared columns no row has, of a file whose rows name their own.
    pub(in crate::rows) fn report_unseen(&self, seen: &[bool], diagnostics: &mut Diagnostics) {
        let columns = self.columns.iter().zip(seen);
        for (column, _) in columns.filter(|(column, seen)| column.as_ref().is_some_and(|one| one.declared) && !**seen) {
            let Some(Bound { decl, .. }) = column else { continue };
            let message =
                format!("No row of `{}` has the member `{}`, which the playbook declares", self.file, decl.head());
            let others = self.columns.iter().flatten().filter(|one| !one.declared).map(|one| one.decl.head());
            let help = match near_miss(decl.head(), others) {
                Some(near) => did_you_mean_key(decl.head(), near),
                None => "Take the column out of the playbook, or give it to the rows".to_owned(),
            };
            let blank = decl.optional || decl.default.is_some();
            let make = if blank { Diagnostic::warning } else { Diagnostic::error };
            diagnostics.push(make("missing-column", message).help(help));
        }
    }

    /// The columns as templates see them, without those at `hidden`.
    pub(in crate::rows) fn columns(&self, hidden: &[usize]) -> Vec<Column> {
        let seen = self.columns.iter().enumerate().filter(|(index, _)| !hidden.contains(index));
        seen.filter_map(|(_, column)| column.as_ref())
            .map(|column| Column {
                name: column.decl.name.clone(),
                kind: column.decl.kind,
                optional: column.decl.optional,
                has_default: column.decl.default.is_some(),
                sensitive: column.sensitive,
                declared: column.declared,
            })
            .collect()
    }

    /// What is wrong with a record's form, if anything.
    pub(in crate::rows) fn malformed(&self, record: &Record) -> Option<Diagnostic> {
        let cite = Cite::of(self, record);
        if let Some(flaw) = &record.flaw {
            let label = format!("row {}", record.number);
            let message = format!("Row {}: {}", record.number, lowered(&flaw.message));
            let read = record.reads.as_ref().filter(|_| !self.is_masked());
            let help = read.map_or_else(|| flaw.help.clone(), |read| format!("{}. {read}", flaw.help));
            return Some(Diagnostic::error("bad-row", message).at(cite.span(flaw.span), label).help(help));
        }
        let (cells, heads) = (record.cells.len(), self.width);
        if cells == heads {
            return self.is_header(record).then(|| {
                let message = format!("Row {} repeats the header", record.number);
                let help = "Two files were joined, each with its own: take the row away";
                let place = cite.cell(0);
                Diagnostic::error("repeated-header", message).at(place, format!("row {}", record.number)).help(help)
            });
        }
        let message =
            format!("Row {} has {}, and the header names {}", record.number, cells_of(cells), cells_of(heads));
        let help = if cells > heads {
            "Quote the cell that holds a delimiter, or take the extra cells away"
        } else {
            "Add the missing cells; a cell that holds a line break must be quoted"
        };
        let last = record.cells.len().saturating_sub(1).min(heads);
        Some(Diagnostic::error("bad-row", message).at(cite.cell(last), format!("row {}", record.number)).help(help))
    }

    /// Whether each cell of a record is the head of its own column.
    fn is_header(&self, record: &Record) -> bool {
        let head = |column: &Option<Bound>| column.as_ref().map_or("", |column| column.decl.head()).to_owned();
        let same = |(at, column)| record.cell(at).is_some_and(|text| text.trim() == head(column));
        record.kinds.is_empty() && self.columns.len() > 1 && self.columns.iter().enumerate().all(same)
    }

    /// The record's cells, typed, without those at `hidden`; mistakes are added to `problems`.
    pub(in crate::rows) fn cells(&self, record: &Record, hidden: &[usize], problems: &mut Vec<Diagnostic>) -> Cells {
        let mut cells = Cells { map: Map::with_capacity(self.columns.len()), blanks: Vec::new() };
        for (index, column) in self.columns.iter().enumerate() {
            let text = record.cell(index).unwrap_or_default();
            let Some(column) = column else {
                if !text.trim().is_empty() {
                    problems.push(self.headless(record, index));
                }
                continue;
            };
            let value = match record.kinds.get(index) {
                Some(kind) => column.member(*kind, &text, record, index, &mut cells.blanks),
                None => column.value(&text, &mut cells.blanks),
            };
            match value {
                Ok(value) if !hidden.contains(&index) => drop(cells.map.insert(column.decl.name.clone(), value)),
                Ok(_) => {}
                Err(problem) => {
                    let label = format!("column `{}` of row {}", column.decl.name, record.number);
                    let place = Cite::of(self, record).cell(index);
                    let message = format!("Column `{}`, row {}: {}", column.decl.name, record.number, problem.message);
                    let wrong = Diagnostic::error(problem.code, message).about(column.decl.name.as_str());
                    problems.push(wrong.at(place, label).maybe_help(problem.help));
                }
            }
        }
        cells
    }

    fn headless(&self, record: &Record, index: usize) -> Diagnostic {
        let message = format!("Row {} has a value in column {}, whose head is blank", record.number, index + 1);
        Diagnostic::error("bad-row", message)
            .at(Cite::of(self, record).cell(index), format!("row {}", record.number))
            .help("Name the column in the header, or take the value away")
    }
}

impl Bound {
    fn new(mut decl: ColumnDecl, declared: bool, unmask: bool) -> Self {
        let sensitive = decl.sensitive;
        decl.sensitive &= !unmask;
        Self { decl, declared, sensitive }
    }

    /// A member's value: an array is a `list`, anything is `json`, what is single is read as a cell's text is.
    fn member(
        &self,
        kind: Kind,
        text: &str,
        record: &Record,
        index: usize,
        blanks: &mut Vec<String>,
    ) -> Result<Value, CellProblem> {
        match (kind, self.decl.kind) {
            (Kind::Text | Kind::Plain | Kind::List | Kind::Map, ColumnType::Json) => {
                self.decl.convert(token(record, index).unwrap_or_default())
            }
            (Kind::List, ColumnType::List) => match elements(text) {
                Some(elements) => self.decl.convert_elements(text, elements),
                None => Err(self.nested("an array of more than single values")),
            },
            (Kind::List, _) => Err(self.nested("an array")),
            (Kind::Map, _) => Err(self.nested("an object")),
            (Kind::Absent | Kind::Null | Kind::Text | Kind::Plain, _) => self.value(text, blanks),
        }
    }

    fn nested(&self, what: &str) -> CellProblem {
        let (name, kind) = (&self.decl.name, self.decl.kind.as_str());
        let declared = if what == "an array" { "list` or `json" } else { "json" };
        CellProblem {
            code: "cell-type",
            message: format!("the value is {what}, and the column is of type `{kind}`"),
            help: Some(format!("Declare `{name}` with type `{declared}`, or write a single value")),
        }
    }

    /// The cell's value: typed, or what a blank one stands for.
    fn value(&self, text: &str, blanks: &mut Vec<String>) -> Result<Value, CellProblem> {
        if text.starts_with(UNREAD) {
            return Err(CellProblem {
                code: "bad-row",
                message: format!("`{UNREAD}` stands for a cell that could not be read from its workbook"),
                help: Some("Write the value itself, from where it came".to_owned()),
            });
        }
        if !text.trim().is_empty() {
            return self.decl.convert(text);
        }
        if let Some(default) = &self.decl.default {
            return Ok(default.clone());
        }
        if self.decl.optional {
            return Ok(Value::Null);
        }
        blanks.push(self.decl.name.clone());
        Ok(Value::String(String::new()))
    }
}

/// The elements of an array of single values, as texts.
fn elements(array: &str) -> Option<Vec<String>> {
    let values: Vec<Value> = serde_json::from_str(array).ok()?;
    let single = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null);
    values.iter().all(single).then(|| values.iter().map(as_text).collect())
}

/// A header and the messages about it.
struct Header<'h> {
    file: &'h str,
    text: &'h str,
    line: usize,
    heads: &'h [String],
    /// What it is called.
    what: &'static str,
}

impl<'h> Header<'h> {
    fn of(file: &'h str, reader: &'h dyn Reader) -> Self {
        let dialect = reader.dialect();
        let what = match dialect.format {
            RowFormat::Csv => "header",
            RowFormat::JsonLines => "first row",
        };
        let heads = &reader.heads()[..dialect.columns];
        Self { file, text: &dialect.header, line: reader.header_line(), heads, what }
    }

    /// The whole header, or the place of a head in it.
    fn place(&self, head: Option<&str>) -> Place {
        let line = self.text.lines().next().unwrap_or_default();
        let span = head.and_then(|head| line.rfind(head).map(|at| Span::new(at, at + head.len())));
        Place::in_line(self.file, self.line, line, span.unwrap_or(Span::new(0, line.len())))
    }

    fn check_unique(&self, diagnostics: &mut Diagnostics) -> bool {
        let mut seen = HashMap::new();
        let mut unique = true;
        self.check_looks(diagnostics);
        for (index, head) in self.heads.iter().enumerate().filter(|(_, head)| !head.is_empty()) {
            if let Some(first) = seen.insert(head, index) {
                let message = format!("The header names `{head}` twice, in columns {} and {}", first + 1, index + 1);
                let help = "Give each column a name of its own, or take one away";
                diagnostics
                    .push(Diagnostic::error("bad-header", message).at(self.place(Some(head)), "again").help(help));
                unique = false;
            }
        }
        unique
    }

    /// Heads that look the same and are not: a template sees but one of them.
    fn check_looks(&self, diagnostics: &mut Diagnostics) {
        let mut looks: HashMap<_, &String> = HashMap::new();
        for head in self.heads.iter().filter(|head| !head.is_empty()) {
            let Some(other) = looks.insert(visual_form(head), head) else { continue };
            let Some(difference) = hidden_difference(head, other) else { continue };
            let message = format!("The header names `{head}` twice, as it looks; {difference}");
            let help = "A template sees but one of the two: give each column a name of its own";
            diagnostics.push(Diagnostic::warning("alike-key", message).at(self.place(Some(head)), "again").help(help));
        }
    }

    /// A renamed column must not take another head's name.
    fn check_names(&self, columns: &[Option<Bound>], diagnostics: &mut Diagnostics) -> bool {
        let mut sound = true;
        for renamed in columns.iter().flatten().filter(|column| column.decl.from.is_some()) {
            let name = &renamed.decl.name;
            if columns.iter().flatten().any(|other| !other.declared && other.decl.name == *name) {
                let message = format!(
                    "The column `{name}` reads the head `{}`, and another head is named `{name}`",
                    renamed.decl.head()
                );
                let help = "Rename the column in the playbook, or declare the other one under another name with `from`";
                diagnostics.push(Diagnostic::error("bad-header", message).at(self.place(Some(name)), "").help(help));
                sound = false;
            }
        }
        sound
    }

    /// What is said of declared columns that the file lacks: of several, one message.
    fn all_missing(&self, decls: &[&ColumnDecl]) -> Option<Diagnostic> {
        let known = || self.heads.iter().map(String::as_str).filter(|head| !head.is_empty());
        let meant =
            |decl: &ColumnDecl| near_miss(decl.head(), known()).map(|near| format!("`{}` is `{near}`", decl.head()));
        match decls {
            [] => None,
            [decl] => Some(self.missing(decl.head(), &format!("The column `{}`", decl.name))),
            several => {
                let names: Vec<String> = several.iter().map(|decl| format!("`{}`", decl.head())).collect();
                let message =
                    format!("{} declared columns are not in the {}: {}", names.len(), self.what, names.join(", "));
                let near: Vec<String> = several.iter().filter_map(|decl| meant(decl)).collect();
                let help = match near.as_slice() {
                    [] => self.help_of_names(),
                    near => format!("{}; perhaps {}", self.help_of_names(), near.join(", ")),
                };
                let place = self.place(None);
                let label = format!("the {}", self.what);
                Some(Diagnostic::error("missing-column", message).at(place, label).help(help))
            }
        }
    }

    fn missing(&self, head: &str, what: &str) -> Diagnostic {
        let known = self.heads.iter().map(String::as_str).filter(|head| !head.is_empty());
        self.unnamed(head, what, near_miss(head, known))
    }

    fn unnamed(&self, name: &str, what: &str, near: Option<&str>) -> Diagnostic {
        let help = match near {
            Some(near) => did_you_mean_key(name, near),
            None => self.help_of_names(),
        };
        let message = format!("{what} is not in the {}: no column is named `{name}`", self.what);
        Diagnostic::error("missing-column", message).at(self.place(None), format!("the {}", self.what)).help(help)
    }

    /// Which names there are, and why there may be so few.
    fn help_of_names(&self) -> String {
        if self.heads.len() == 1 && self.what == "header" {
            return format!(
                "The header names {} alone: lines above the header, such as a title, have to be taken out; cells that \
                 run together need their `delimiter:`",
                self.listed()
            );
        }
        format!("The {} names {}", self.what, self.listed())
    }

    fn listed(&self) -> String {
        const SHOWN: usize = 20;
        let mut names: Vec<String> =
            self.heads.iter().filter(|head| !head.is_empty()).take(SHOWN).map(|head| format!("`{head}`")).collect();
        if self.heads.len() > SHOWN {
            names.push("…".to_owned());
        }
        names.join(", ")
    }
}

fn cells_of(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}

/// A sentence's first letter small, to go on after a colon.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
