//! A run's row file in which a person has settled unknown calls: the rows' keys, and the cells from `_run` on.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span};
use crate::playbook::RowsDecl;
use crate::rows::formats::{Input, open_settlements};
use crate::rows::keys::{joined, part};
use crate::rows::record::Record;
use crate::rows::result_columns::{ResultColumn, result_columns_start};

/// One row of a filled-in file.
#[derive(Debug, Clone)]
pub struct SettlementRow {
    /// The row's key; empty if the playbook has no rows.
    pub key: String,
    /// The cells from `_run` on, in the file's order, blank ones included.
    pub cells: Vec<SettlementCell>,
    /// The row's place, for messages.
    pub place: Place,
}

/// One cell of a filled-in row.
#[derive(Debug, Clone)]
pub struct SettlementCell {
    /// The column's head.
    pub head: String,
    /// The text, trimmed.
    pub text: String,
    /// Its place, for messages.
    pub place: Place,
}

impl SettlementRow {
    /// The cell under `head`; `None` if it is blank or missing.
    #[must_use]
    pub fn cell(&self, head: &str) -> Option<&SettlementCell> {
        self.cells.iter().find(|cell| cell.head == head && !cell.text.is_empty())
    }
}

/// Reads a filled-in file whole. It must have the columns `wanted` right of `_run`. Errors are added to `diagnostics`.
pub fn read_settlements(
    decl: Option<&RowsDecl>,
    input: Input,
    wanted: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<SettlementRow> {
    let name = input.name.clone();
    let error =
        |code, message: String| Diagnostic::error(code, message).at(Place::in_line(&name, 1, "", Span::new(0, 0)), "");
    let reader = open_settlements(input, wanted, &decl.map(|decl| decl.form.clone()).unwrap_or_default());
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(wrong) => {
            diagnostics.push(error(wrong.code, wrong.message).maybe_help(wrong.help));
            return Vec::new();
        }
    };
    let columns = match Columns::find(decl, reader.heads(), wanted) {
        Ok(columns) => columns,
        Err((message, help)) => {
            diagnostics.push(error("bad-header", message).help(help));
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    let mut record = Record::default();
    loop {
        match reader.read(&mut record) {
            Ok(false) => return rows,
            Ok(true) if record.problem.is_none() && record.is_blank(usize::MAX) => {}
            Ok(true) => match &record.problem {
                Some(problem) => {
                    let place = Place::in_line(&name, record.line, "", Span::new(0, 0));
                    diagnostics.push(
                        Diagnostic::error("bad-row", problem.message.clone()).at(place, "").help(problem.help.clone()),
                    );
                }
                None => {
                    record.unescape_formulas(columns.own);
                    rows.push(columns.row(&name, &record));
                }
            },
            Err(wrong) => {
                diagnostics.push(error(wrong.code, wrong.message).maybe_help(wrong.help));
                return rows;
            }
        }
    }
}

/// Indexes of the columns that are used.
struct Columns {
    /// Number of columns left of `_run`.
    own: usize,
    key: Vec<usize>,
    heads: Vec<(usize, String)>,
}

impl Columns {
    /// Finds the columns. The error holds a message and its cure.
    fn find(decl: Option<&RowsDecl>, heads: &[String], wanted: &[&str]) -> Result<Self, (String, String)> {
        let Some(run) = result_columns_start(heads) else {
            let help = "Fill in the `unknown.csv` that the run wrote, and keep its columns.".to_owned();
            return Err((format!("The file has no column `{}`", ResultColumn::FIRST.as_str()), help));
        };
        let mut key = Vec::new();
        for name in decl.iter().flat_map(|decl| &decl.key) {
            let column = decl.and_then(|decl| decl.columns.iter().find(|column| column.name == name.value));
            let head = column.map_or(name.value.as_str(), |column| column.head());
            let at = heads[..run].iter().position(|other| other == head);
            let help = || "Keep the run's own columns as they were written.".to_owned();
            key.push(at.ok_or_else(|| (format!("The file has no column `{head}`, which names its rows"), help()))?);
        }
        let heads: Vec<(usize, String)> = heads.iter().cloned().enumerate().skip(run).collect();
        if let Some(wanted) = wanted.iter().find(|wanted| !heads.iter().any(|(_, head)| head == **wanted)) {
            let help = format!("Add a column `{wanted}` behind the others.");
            return Err((
                format!("The file has no column `{wanted}` right of `{}`", ResultColumn::FIRST.as_str()),
                help,
            ));
        }
        Ok(Self { own: run, key, heads })
    }

    fn row(&self, file: &str, record: &Record) -> SettlementRow {
        let parts: Vec<_> = self.key.iter().map(|at| record.cell(*at).unwrap_or_default()).collect();
        let cell = |(at, head): &(usize, String)| {
            let text = record.cell(*at).unwrap_or_default().trim().to_owned();
            SettlementCell { head: head.clone(), place: place(file, record, *at, &text), text }
        };
        let parts: Vec<&str> = parts.iter().map(|cell| part(cell)).collect();
        let key = if parts.is_empty() { String::new() } else { joined(&parts) };
        let cells: Vec<SettlementCell> = self.heads.iter().map(cell).collect();
        let place = cells.first().map(|cell| cell.place.clone());
        SettlementRow { key, place: place.unwrap_or_else(|| place_of_line(file, record)), cells }
    }
}

/// The place of a cell. It shows only the cell's own text, because others in the row may be sensitive.
fn place(file: &str, record: &Record, at: usize, text: &str) -> Place {
    let shown = text.lines().next().unwrap_or_default();
    let start = record.cells.get(at).map_or(record.text.len(), |cell| cell.span().start);
    let before = record.text.get(..start).unwrap_or_default();
    let line = record.line + before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place { column, ..Place::in_line(file, line, shown, Span::new(0, shown.len())) }
}

fn place_of_line(file: &str, record: &Record) -> Place {
    Place::in_line(file, record.line, "", Span::new(0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{FileForm, Spanned};

    fn read(text: &'static str) -> (Vec<SettlementRow>, Vec<String>) {
        let key = ["a", "b"].map(|name| Spanned { value: name.to_owned(), span: Span::default() }).to_vec();
        let span = Span::default();
        let decl = RowsDecl {
            from: None,
            outcomes: vec![],
            form: FileForm::default(),
            key,
            columns: vec![],
            redacted: vec![],
            lists: vec![],
            span,
        };
        let mut diagnostics = Diagnostics::new();
        let input = Input::new("unknown.csv", text.as_bytes());
        let rows = read_settlements(Some(&decl), input, &["_settle"], &mut diagnostics);
        (rows, diagnostics.iter().map(|one| one.message.clone()).collect())
    }

    #[test]
    fn a_file_that_no_run_wrote_is_refused() {
        for (text, part) in [
            ("", "empty"),
            ("a,b,_settle\n1,2,done\n", "`_run`"),
            ("a,_run,_settle\n1,r,done\n", "`b`"),
            ("a,b,_run\n1,2,r\n", "`_settle`"),
            ("a,b,_run,_settle\n1,2,r,\"done\n", "quote"),
        ] {
            let (rows, said) = read(text);
            assert!(rows.is_empty() && said.iter().any(|one| one.contains(part)), "{text}: {said:?}");
        }
    }

    #[test]
    fn rows_are_known_by_their_keys_and_their_filled_cells() {
        let (rows, said) = read(
            "a,x,b,_run,_settle,_note,task_num\n1,s,2:3,r, done ,\"said so,\nby phone\",7\n\n,,,,,,\n4,s,5,r,,,\n",
        );
        assert_eq!((said.len(), rows.len()), (0, 2));
        assert_eq!(rows[0].key, "1:2\\:3");
        assert_eq!(rows[0].cell("_settle").unwrap().text, "done");
        assert_eq!(rows[0].cell("task_num").unwrap().text, "7");
        assert_eq!((rows[0].place.line, rows[1].place.line), (2, 6));
        assert!(rows[1].cell("_settle").is_none() && rows[0].cell("x").is_none());
        assert_eq!(rows[0].cell("_settle").unwrap().place.column, 11);
    }

    #[test]
    fn an_escaped_or_blank_part_of_a_key_is_read_back_unchanged() {
        let (rows, said) = read("a,b,_run,_settle\n'@x,  ,r,done\n''=y,'z,r,done\n");
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!((said.len(), keys), (0, vec!["@x:", "'=y:'z"]));
    }
}
