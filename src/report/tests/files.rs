//! Row files: what stands in them, what happens to those that are there already.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;

use crate::diagnostic::{Diagnostics, Source};
use crate::journal::GoesOn;
use crate::model::{RowOutcome, RunId};
use crate::playbook::read_rows_decl;
use crate::report::{ResultFiles, RowRecord, files_in_the_way};
use crate::rows::{Dialect, Input, LineEnd, RowFile, is_row_file};
use crate::yaml;

fn record(position: u64, raw: &str, outcome: RowOutcome) -> RowRecord {
    RowRecord {
        position,
        number: position + 2,
        key: position.to_string(),
        raw: Bytes::copy_from_slice(raw.as_bytes()),
        outcome,
        goes_on: GoesOn::No,
        step: None,
        code: None,
        message: None,
        request_id: None,
        attempts: 0,
        results: Vec::new(),
        times: None,
    }
}

fn dialect(header: &str, columns: usize) -> Dialect {
    Dialect { header: header.to_owned(), columns, ..Dialect::default() }
}

fn run() -> RunId {
    RunId::from_text("20261122-004610-3fa9c1")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn nothing_is_left_of_files_that_were_not_finished() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap();
    files.write(&record(0, "1", RowOutcome::Failed)).unwrap();
    assert_eq!(names(folder.path()).len(), 2);
    assert!(names(folder.path()).iter().all(|name| name.starts_with('.')));
    drop(files);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_leftover_of_a_crash_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let leftover = folder.path().join(format!(".results.csv.{}.part", run()));
    fs::write(&leftover, "half a row").unwrap();
    ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap().finish().unwrap();
    assert_eq!(names(folder.path()), ["results.csv"]);
    let text = fs::read_to_string(folder.path().join("results.csv")).unwrap();
    assert_eq!(text, "id,_run,_outcome,_step,_code,_message,_request_id,_attempts\n");
}

#[cfg(unix)]
#[test]
fn a_link_beside_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    let beside = folder.path().join(format!(".results.csv.{}.part", run()));
    std::os::unix::fs::symlink(&victim, beside).unwrap();
    ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap().finish().unwrap();
    assert_eq!(fs::read_to_string(victim).unwrap(), "mine");
}

#[test]
fn a_folder_holds_the_row_files_of_one_run_and_other_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut files = ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap();
    files.write(&record(0, "1", RowOutcome::Unknown)).unwrap();
    files.write(&record(1, "2", RowOutcome::NotStarted)).unwrap();
    files.finish().unwrap();
    let other = RunId::from_text("20260101-000000-000000");
    let tabs = Dialect { delimiter: '\t', ..dialect("id", 1) };
    let mut files = ResultFiles::create(folder.path(), &tabs, &[], &other).unwrap();
    files.write(&record(0, "1", RowOutcome::Skipped)).unwrap();
    files.finish().unwrap();
    assert_eq!(names(folder.path()), ["results.tsv", "skipped.tsv"]);
    fs::write(path("partial.csv"), "a person's own file\n").unwrap();
    fs::write(path("failed_last_week.csv"), fs::read(path("skipped.tsv")).unwrap()).unwrap();
    let mut files = ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap();
    files.write(&record(0, "1", RowOutcome::Succeeded)).unwrap();
    let kept = files.finish().unwrap();
    let kept: Vec<_> = kept.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(kept, ["results.csv", "succeeded.csv"]);
    assert_eq!(names(folder.path()), ["failed_last_week.csv", "partial.csv", "results.csv", "succeeded.csv"]);
}

#[test]
fn a_file_that_no_run_wrote_is_named_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let failed = folder.path().join("failed.csv");
    fs::write(&failed, "a person's own file\n").unwrap();
    fs::create_dir(folder.path().join("unknown.csv")).unwrap();
    fs::write(folder.path().join("partial.tsv"), "of another dialect").unwrap();
    let in_the_way = files_in_the_way(folder.path(), &dialect("id", 1));
    assert_eq!(in_the_way, [failed.clone(), folder.path().join("unknown.csv")]);
    let mut files = ResultFiles::create(folder.path(), &dialect("id", 1), &[], &run()).unwrap();
    files.write(&record(0, "1", RowOutcome::Failed)).unwrap();
    let told = files.finish().unwrap_err().to_string();
    assert!(told.contains("failed.csv") && told.contains("move it away"), "{told}");
    assert_eq!(fs::read_to_string(failed).unwrap(), "a person's own file\n");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_them() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("out");
    let mut files = ResultFiles::create(&folder, &dialect("id", 1), &[], &run()).unwrap();
    files.write(&record(0, "1", RowOutcome::Failed)).unwrap();
    for path in files.finish().unwrap() {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(ResultFiles::create(&file.join("below"), &dialect("id", 1), &[], &run()).is_err());
}

#[test]
fn rows_repeat_their_bytes_and_give_their_results() {
    let folder = tempfile::tempdir().unwrap();
    let dialect = Dialect { bom: true, line_end: LineEnd::CrLf, delimiter: ';', ..dialect("id;\"a\"", 2) };
    let columns = ["task_num".to_owned(), "note".to_owned(), "none".to_owned()];
    let mut files = ResultFiles::create(folder.path(), &dialect, &columns, &run()).unwrap();
    let mut row = record(0, "1;\"x\r\ny\"", RowOutcome::Failed);
    row.step = Some("task".to_owned());
    row.code = Some("E;1".to_owned());
    row.message = Some("=cmd|' /C calc'!A0\nsecond \u{1b}[31mline".to_owned());
    row.request_id = Some("r-1".to_owned());
    row.attempts = 3;
    row.results = vec![("note".to_owned(), json!({"a": 1})), ("task_num".to_owned(), json!("00123"))];
    files.write(&row).unwrap();
    files.write(&record(1, "2;=own", RowOutcome::Unchanged)).unwrap();
    files.finish().unwrap();
    let head = "\u{feff}id;\"a\";_run;_outcome;_step;_code;_message;_request_id;_attempts;task_num;note;none\r\n";
    let first = "1;\"x\r\ny\";20261122-004610-3fa9c1;failed;task;\"E;1\";'=cmd|' /C calc'!A0 second [31mline;r-1;3;00123;\"{\"\"a\"\":1}\";\r\n";
    let second = "2;=own;20261122-004610-3fa9c1;unchanged;;;;;0;;;\r\n";
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("results.csv"), format!("{head}{first}{second}"));
    assert_eq!(text("failed.csv"), format!("{head}{first}"));
    assert_eq!(text("succeeded.csv"), format!("{head}{second}"));
    assert!(is_row_file(fs::File::open(folder.path().join("failed.csv")).unwrap()).unwrap());
}

#[test]
fn a_run_without_rows_has_only_our_columns() {
    let folder = tempfile::tempdir().unwrap();
    let columns = ["total".to_owned()];
    let mut files = ResultFiles::create(folder.path(), &Dialect::default(), &columns, &run()).unwrap();
    let mut row = record(0, "", RowOutcome::Succeeded);
    row.results = vec![("total".to_owned(), json!(12))];
    files.write(&row).unwrap();
    files.finish().unwrap();
    assert_eq!(
        fs::read_to_string(folder.path().join("results.csv")).unwrap(),
        "_run,_outcome,_step,_code,_message,_request_id,_attempts,total\n20261122-004610-3fa9c1,succeeded,,,,,0,12\n"
    );
}

/// Reads a row file by its first column.
fn read_back(text: &[u8]) -> (RowFile, Vec<Bytes>) {
    let mut diagnostics = Diagnostics::new();
    // One character alone does not tell the encoding of a file.
    let source = Source::new("playbook.yaml", "{ key: id, encoding: utf-8 }");
    let node = yaml::parse(&source, &mut diagnostics).unwrap();
    let decl = read_rows_decl(&node, &source, &mut diagnostics).unwrap();
    let input = Input::new("rows.csv", Cursor::new(text.to_vec()));
    let mut file = RowFile::open(&decl, input, HashMap::new(), false, &mut diagnostics).unwrap();
    let mut raws = Vec::new();
    while let Some(row) = file.next(&mut diagnostics) {
        raws.push(row.raw);
    }
    // Cells of any kind may well be warned about.
    assert!(!diagnostics.has_errors(), "{}", diagnostics.render(false, 100));
    (file, raws)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_result_file_fed_back_gives_the_same_rows_and_the_same_files(
        cells in prop::collection::vec("[\\PC\"\r\n,;]{0,10}", 1..6),
        signs in prop::collection::vec("('|''|)(=|@|-1|-x|＋|\t|)", 6),
        message in "[\\PC\"\r\n,;\t]{0,20}",
        quoted in any::<bool>(),
        converted in any::<bool>(),
    ) {
        let cells: Vec<String> = cells.iter().zip(&signs).map(|(cell, sign)| format!("{sign}{cell}")).collect();
        let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let head = if quoted { "\"id\",\"a\"" } else { "id,a" };
        let rows: Vec<String> = cells.iter().enumerate().map(|(index, cell)| format!("k{index},{}", quote(cell))).collect();
        let (file, raws) = read_back(format!("{head}\n{}\n", rows.join("\n")).as_bytes());
        let write = |file: &RowFile, raws: &[Bytes]| {
            let folder = tempfile::tempdir().unwrap();
            let dialect = Dialect { converted, ..file.dialect().clone() };
            let mut files = ResultFiles::create(folder.path(), &dialect, &[], &run()).unwrap();
            for (index, raw) in raws.iter().enumerate() {
                let mut row = record(index as u64, "", RowOutcome::Failed);
                row.raw = raw.clone();
                row.message = Some(message.clone());
                files.write(&row).unwrap();
            }
            files.finish().unwrap();
            fs::read(folder.path().join("failed.csv")).unwrap()
        };
        let first = write(&file, &raws);
        let (again, raws_again) = read_back(&first);
        prop_assert_eq!(&raws, &raws_again);
        prop_assert_eq!(again.prior_outcomes().outcomes.get(&RowOutcome::Failed).copied(), Some(raws.len() as u64));
        prop_assert_eq!(first, write(&again, &raws_again));
    }
}
