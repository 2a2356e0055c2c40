//! Row files as text: every row's own bytes stand in the file, in order, and row files made of them read the same.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;

use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::journal::GoesOn;
use runsheet::internals::model::{RowOutcome, RunId, Word};
use runsheet::internals::playbook::{RowsDecl, read_rows_decl};
use runsheet::internals::report::{ResultFiles, RowRecord};
use runsheet::internals::rows::{Dialect, Input, Reading, Row, RowFile, RowFormat};
use runsheet::internals::yaml;

/// The first byte of an input chooses: the file's name, and what the playbook says of it.
const FORMS: [(&str, &str); 14] = [
    ("rows.csv", "{ key: id }"),
    ("rows.csv", "{ key: [id, a] }"),
    (
        "rows.csv",
        "{ key: id, columns: { a: { type: integer, optional: true }, b: { type: number, default: 1.50 }, c: { type: date, optional: true }, d: { type: datetime, timezone: Asia/Taipei, optional: true }, e: { type: list, separator: \";\", optional: true } } }",
    ),
    ("rows.tsv", "{ key: id }"),
    ("rows.jsonl", "{ key: id, columns: { a: { type: json, optional: true } } }"),
    ("rows.json", "{ key: id, columns: { a: { type: list, optional: true } } }"),
    ("standard input", "{ key: id }"),
    ("rows.csv", "{ key: id, encoding: big5 }"),
    ("rows.csv", "{ key: id, encoding: gb18030 }"),
    ("rows.csv", "{ key: id, encoding: utf-16le }"),
    ("rows.csv", "{ key: id, encoding: shift_jis, delimiter: \";\" }"),
    ("rows.jsonl", "{ key: id, encoding: euc-kr }"),
    ("rows.csv", "{ key: id, columns: { a: { sensitive: true, format: cn_id, optional: true } } }"),
    ("rows.csv", "{ key: id, encoding: utf-8, columns: { a: { type: json, optional: true } } }"),
];

pub(crate) fn holds(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let (name, form) = FORMS[usize::from(first.wrapping_sub(b'a')) % FORMS.len()];
    let decl = decl(form);
    let mut told = Diagnostics::default();
    let input = Input::new(name, Cursor::new(bytes.to_vec()));
    let Some(read) = Read::all(&decl, input, &mut told) else {
        assert!(told.has_errors());
        return super::messages::are_sound(&told, &[]);
    };
    super::messages::are_sound(&told, &[]);
    // What is ours is cut out of JSON rows, and an array's rows lose their line breaks.
    if read.dialect.format == RowFormat::Csv {
        own_bytes_stand_in(bytes, &read);
    }
    // A row that lacks only what is ours in a file of ours has it once it is written.
    let ours = find(bytes, b"_run").is_some() && read.rows.len() < read.all.len();
    if !ours {
        read.is_written_and_read_again(&decl, true);
    }
}

/// What a file gave.
pub(crate) struct Read {
    pub(crate) dialect: Dialect,
    pub(crate) rows: Vec<Row>,
    /// Every row's own bytes, those of rows with mistakes too.
    pub(crate) all: Vec<bytes::Bytes>,
}

impl Read {
    pub(crate) fn all(decl: &RowsDecl, input: Input, told: &mut Diagnostics) -> Option<Self> {
        let mut file = RowFile::open(decl, input, HashMap::new(), false, told)?;
        let (mut rows, mut all, mut number) = (Vec::new(), Vec::new(), 0);
        while let Some(reading) = file.next_reading(told) {
            let (position, own_number, raw) = match &reading {
                Reading::Row(row) => (row.position, row.number, &row.raw),
                Reading::Invalid(row) => (row.position, row.number, &row.raw),
            };
            assert!(position == all.len() as u64 && own_number > number);
            number = own_number;
            all.push(raw.clone());
            match reading {
                Reading::Row(row) => {
                    for column in file.columns() {
                        let place = file.place(&row, &column.name);
                        assert!(place.text.get(place.start..place.end).is_some(), "{place:?}");
                    }
                    rows.push(row);
                }
                Reading::Invalid(row) => {
                    assert!(!row.diagnostics.is_empty());
                    told.extend(row.diagnostics);
                }
            }
        }
        Some(Self { dialect: file.dialect().clone(), rows, all })
    }

    /// Writes row files as a run does, and reads the one of all rows as it is fed back.
    pub(crate) fn is_written_and_read_again(&self, decl: &RowsDecl, same_cells: bool) {
        let kept = serde_json::to_string(&self.dialect).expect("a dialect");
        assert_eq!(serde_json::from_str::<Dialect>(&kept).expect("the same"), self.dialect);
        let folder = tempfile::tempdir().expect("a folder");
        let bytes = self.write(folder.path());
        let mut told = Diagnostics::default();
        let input = Input::new("results", Cursor::new(bytes)).written_as(self.dialect.clone());
        let again = Self::all(decl, input, &mut told);
        let again = again.unwrap_or_else(|| panic!("{}", told.render(false, 100)));
        let shown = |row: &Row| (row.key.clone(), row.raw.clone(), same_cells.then(|| row.cells.clone()));
        let (ours, theirs): (Vec<_>, Vec<_>) =
            (self.rows.iter().map(shown).collect(), again.rows.iter().map(shown).collect());
        assert_eq!(ours, theirs);
    }

    fn write(&self, folder: &std::path::Path) -> Vec<u8> {
        let columns = ["told".to_owned()];
        let run = RunId::from_text("20260101-000000-abcdef");
        let mut files = ResultFiles::create(folder, &self.dialect, &columns, &run).expect("a folder");
        for (place, raw) in self.all.iter().enumerate() {
            let row = RowRecord {
                position: place as u64,
                number: place as u64 + 2,
                key: String::new(),
                raw: raw.clone(),
                outcome: RowOutcome::TABLE[place % RowOutcome::TABLE.len()].1,
                goes_on: GoesOn::No,
                step: Some("make".to_owned()),
                code: None,
                message: Some("=cmd|' /C calc'!A0, \"約\"\n\u{202e}".to_owned()),
                request_id: None,
                attempts: 1,
                results: vec![("told".to_owned(), "+1; é".into())],
                times: None,
            };
            files.write(&row).expect("room");
        }
        let names = files.finish().expect("room");
        fs::read(&names[0]).expect("the file of all rows")
    }
}

/// Rows are repeated as they stand in their file.
fn own_bytes_stand_in(bytes: &[u8], read: &Read) {
    let mut rest = bytes;
    for raw in &read.all {
        let at = find(rest, raw).unwrap_or_else(|| panic!("{raw:?} does not stand in the file"));
        rest = &rest[at + raw.len()..];
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() { Some(0) } else { bytes.windows(wanted.len()).position(|part| part == wanted) }
}

pub(crate) fn decl(text: &str) -> RowsDecl {
    let mut told = Diagnostics::default();
    let source = Source::new("playbook.yaml", text);
    let node = yaml::parse(&source, &mut told).expect("a map");
    let decl = read_rows_decl(&node, &source, &mut told);
    assert!(!told.has_errors(), "{}", told.render(false, 100));
    decl.expect("rows")
}
