//! The row files of a run, the rows that the library reads, and the lines of `report --format csv`, against the journal.

use std::fs;
use std::path::{Path, PathBuf};

use runsheet::internals::model::{RowOutcome, Value, Word};
use runsheet::internals::rows::RowFormat;
use runsheet::operate::{Context, ExportRequest, ReportFormat, RowsRequest, export, rows};

use super::differences::Differences;
use super::expected::{ExpectedRow, count};
use super::family::ToldRun;
use super::reports::report_text;

/// The columns with results that are compared, in the order of [`ExpectedRow::texts`].
const COLUMNS: [&str; 5] = ["_outcome", "_step", "_code", "_message", "_attempts"];

pub(super) fn check(
    run: &ToldRun,
    expected: &[ExpectedRow],
    folder: PathBuf,
    context: &Context,
    found: &mut Differences,
) {
    let wanted: Vec<[String; 5]> = expected.iter().map(ExpectedRow::texts).collect();
    let csv = report_text(run, ReportFormat::Csv, context).1;
    found.same("report csv", lines_of_csv(&csv), wanted.clone());
    let listed = rows(&RowsRequest::new(run.id().as_str()), context).unwrap();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let texts = listed.rows.iter().map(|row| {
        let outcome = row.outcome.to_string();
        [outcome, text(&row.step), text(&row.code), text(&row.message), row.attempts.to_string()]
    });
    found.same("rows of the library", texts.collect(), wanted.clone());
    let numbers = |rows: &mut dyn Iterator<Item = u64>| rows.collect::<Vec<_>>();
    let told = numbers(&mut listed.rows.iter().map(|row| row.number));
    found.same("numbers of the rows", told, numbers(&mut expected.iter().map(|row| row.number)));
    if run.closed {
        check_files(run, expected, &folder, "row files", found);
    }
    let out = folder.join("exported");
    let exported = export(&ExportRequest { run: run.id().to_string(), out: out.clone() }, context).unwrap();
    for &(word, outcome) in RowOutcome::TABLE {
        found.same(&format!("export, {word}"), exported.rows.of(outcome), count(expected, outcome));
    }
    check_files(run, expected, &out, "exported row files", found);
}

/// Reads the columns of a row file that are compared.
type ReadLines = fn(&str) -> Vec<[String; 5]>;

/// The file of all rows, and those of the outcomes.
fn check_files(run: &ToldRun, expected: &[ExpectedRow], folder: &Path, what: &str, found: &mut Differences) {
    let format = run.frozen.dialect.as_ref().unwrap().format;
    let lines = |name: &str| {
        let (extension, read): (_, ReadLines) = match format {
            RowFormat::Csv => ("csv", lines_of_csv),
            RowFormat::JsonLines => ("jsonl", lines_of_json),
        };
        fs::read_to_string(folder.join(format!("{name}.{extension}"))).map(|text| read(&text)).unwrap_or_default()
    };
    let wanted = |which: &dyn Fn(RowOutcome) -> bool| {
        expected.iter().filter(|row| which(row.outcome)).map(ExpectedRow::texts).collect::<Vec<_>>()
    };
    found.same(&format!("{what}: results"), lines("results"), wanted(&|_| true));
    let done = |outcome| matches!(outcome, RowOutcome::Succeeded | RowOutcome::Unchanged);
    found.same(&format!("{what}: succeeded"), lines("succeeded"), wanted(&done));
    for outcome in [RowOutcome::Failed, RowOutcome::Partial, RowOutcome::Unknown, RowOutcome::NotStarted] {
        let name = outcome.to_string();
        found.same(&format!("{what}: {name}"), lines(&name), wanted(&|own| own == outcome));
    }
}

fn lines_of_csv(text: &str) -> Vec<[String; 5]> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let places = COLUMNS.map(|name| heads.iter().position(|head| head == name).unwrap());
    let record = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.unwrap();
        places.map(|place| record[place].trim_start_matches('\'').to_owned())
    };
    reader.records().map(record).collect()
}

fn lines_of_json(text: &str) -> Vec<[String; 5]> {
    let line = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        COLUMNS.map(|name| match &row[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    text.lines().map(line).collect()
}
