//! A record turned into typed cells, and the errors of its form and its cells.

use super::columns::{BoundColumn, Table};
use super::places::RecordPlaces;
use crate::diagnostic::Diagnostic;
use crate::model::{Map, Value, as_text};
use crate::playbook::{CellProblem, ColumnType};
use crate::rows::record::{MemberKind, Record};
use crate::rows::result_columns::UNREAD;

/// The typed cells of one record.
#[derive(Default)]
pub(in crate::rows) struct TypedCells {
    pub(in crate::rows) map: Map,
    pub(in crate::rows) blanks: Vec<String>,
}

impl Table {
    /// The error in a record's form, if any: a problem of its text, a wrong number of cells, a repeated header.
    pub(in crate::rows) fn malformed(&self, record: &Record) -> Option<Diagnostic> {
        let places = RecordPlaces::of(self, record);
        if let Some(problem) = &record.problem {
            let label = format!("row {}", record.number);
            let message = format!("Row {}: {}", record.number, lowered(&problem.message));
            let read = record.other_reading.as_ref().filter(|_| !self.is_masked());
            let help = read.map_or_else(|| problem.help.clone(), |read| format!("{}. {read}", problem.help));
            return Some(Diagnostic::error("bad-row", message).at(places.span(problem.span), label).help(help));
        }
        let (cells, heads) = (record.cells.len(), self.width);
        if cells == heads {
            return self.is_header(record).then(|| {
                let message = format!("Row {} repeats the header", record.number);
                let help = "Two files were joined, each with its own header: delete the row";
                let place = places.cell(0);
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
        Some(Diagnostic::error("bad-row", message).at(places.cell(last), format!("row {}", record.number)).help(help))
    }

    /// Whether a record repeats the header: each cell is the head of its column.
    fn is_header(&self, record: &Record) -> bool {
        let head = |column: &Option<BoundColumn>| column.as_ref().map_or("", |column| column.decl.head()).to_owned();
        let same = |(at, column)| record.cell(at).is_some_and(|text| text.trim() == head(column));
        record.kinds.is_empty() && self.columns.len() > 1 && self.columns.iter().enumerate().all(same)
    }

    /// Converts a record's cells, leaving out the columns at `hidden`. Errors are added to `problems`.
    pub(in crate::rows) fn cells(
        &self,
        record: &Record,
        hidden: &[usize],
        problems: &mut Vec<Diagnostic>,
    ) -> TypedCells {
        let mut cells = TypedCells { map: Map::with_capacity(self.columns.len()), blanks: Vec::new() };
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
                    let place = RecordPlaces::of(self, record).cell(index);
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
            .at(RecordPlaces::of(self, record).cell(index), format!("row {}", record.number))
            .help("Name the column in the header, or delete the value")
    }
}

impl BoundColumn {
    /// A JSON member's value. An array fits a `list` column, any value fits `json`, and a single value is read like a
    /// cell's text.
    fn member(
        &self,
        kind: MemberKind,
        text: &str,
        record: &Record,
        index: usize,
        blanks: &mut Vec<String>,
    ) -> Result<Value, CellProblem> {
        match (kind, self.decl.kind) {
            (MemberKind::Text | MemberKind::Plain | MemberKind::List | MemberKind::Map, ColumnType::Json) => {
                self.decl.convert(record.token(index).unwrap_or_default())
            }
            (MemberKind::List, ColumnType::List) => match elements(text) {
                Some(elements) => self.decl.convert_elements(text, elements),
                None => Err(self.nested("an array of more than single values")),
            },
            (MemberKind::List, _) => Err(self.nested("an array")),
            (MemberKind::Map, _) => Err(self.nested("an object")),
            (MemberKind::Absent | MemberKind::Null | MemberKind::Text | MemberKind::Plain, _) => {
                self.value(text, blanks)
            }
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

    /// The typed value of a cell's text; a blank gives the default, null, or `""` and an entry in `blanks`.
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

/// The elements of a JSON array as texts; `None` if one is null, an array or an object.
fn elements(array: &str) -> Option<Vec<String>> {
    let values: Vec<Value> = serde_json::from_str(array).ok()?;
    let single = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null);
    values.iter().all(single).then(|| values.iter().map(as_text).collect())
}

fn cells_of(count: usize) -> String {
    if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") }
}

/// The sentence with its first letter in lower case, to follow a colon.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
