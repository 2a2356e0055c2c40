//! Reads texts as row files, for the tests in this folder.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};

use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::playbook::{RowsDecl, read_rows_decl};
use crate::rows::{Input, Reading, Row, RowFile};
use crate::yaml;

/// Declares rows from the YAML under `rows:`.
pub(in crate::rows) fn decl(text: &str) -> RowsDecl {
    let mut diagnostics = Diagnostics::new();
    let source = Source::new("playbook.yaml", text);
    let node = yaml::parse(&source, &mut diagnostics).unwrap();
    let decl = read_rows_decl(&node, &source, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{}", diagnostics.render(false, 100));
    decl.unwrap()
}

/// What came of reading a file.
pub(super) struct Outcome {
    pub(super) file: Option<RowFile>,
    pub(super) rows: Vec<Row>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// The errors, each as `code line:column message`.
    pub(super) fn reported(&self) -> Vec<String> {
        self.diagnostics.iter().map(shown).collect()
    }
}

pub(super) fn shown(diagnostic: &Diagnostic) -> String {
    let at = diagnostic.places.first().map_or("-".to_owned(), |(place, _)| format!("{}:{}", place.line, place.column));
    format!("{} {at} {}", diagnostic.code, diagnostic.message)
}

/// Reads with lists, each a name and a text; sensitive cells stay masked.
pub(super) fn read_with(decl: &RowsDecl, text: impl AsRef<[u8]>, lists: &[(&str, &str)]) -> Outcome {
    read_as("rows.csv", decl, text, lists)
}

/// Reads a file of that name.
pub(super) fn read_named(name: &str, decl_text: &str, text: impl AsRef<[u8]>) -> Outcome {
    read_as(name, &decl(decl_text), text, &[])
}

/// Reads a file of that name with lists; a list is CSV, or JSON Lines where it opens with a brace.
pub(super) fn read_as(name: &str, decl: &RowsDecl, text: impl AsRef<[u8]>, lists: &[(&str, &str)]) -> Outcome {
    let lists: HashMap<String, Input> = lists
        .iter()
        .map(|(name, text)| {
            (
                (*name).to_owned(),
                Input::new(
                    format!("{name}{}", if text.starts_with('{') { ".jsonl" } else { ".csv" }),
                    Cursor::new((*text).to_owned()),
                ),
            )
        })
        .collect();
    let mut diagnostics = Diagnostics::new();
    let input = Input::new(name, Drip(Cursor::new(text.as_ref().to_vec())));
    let mut file = RowFile::open(decl, input, lists, false, &mut diagnostics);
    let mut rows = Vec::new();
    if let Some(file) = &mut file {
        while let Some(row) = file.next(&mut diagnostics) {
            rows.push(row);
        }
    }
    Outcome { file, rows, diagnostics: diagnostics.into_iter().collect() }
}

pub(super) fn read(decl_text: &str, text: impl AsRef<[u8]>) -> Outcome {
    read_with(&decl(decl_text), text, &[])
}

/// Reads a file that must be sound.
pub(super) fn sound(decl_text: &str, text: impl AsRef<[u8]>) -> Vec<Row> {
    let read = read(decl_text, text);
    assert!(read.diagnostics.is_empty(), "{:?}", read.reported());
    read.rows
}

/// Every reading of a file, mistakes included.
pub(super) fn readings(decl_text: &str, text: &str) -> Vec<Reading> {
    let mut diagnostics = Diagnostics::new();
    let input = Input::new("rows.csv", Cursor::new(text.to_owned()));
    let mut file = RowFile::open(&decl(decl_text), input, HashMap::new(), false, &mut diagnostics).unwrap();
    std::iter::from_fn(|| file.next_reading(&mut diagnostics)).collect()
}

/// Gives a few bytes at a time and an interruption now and then, as pipes do.
struct Drip(Cursor<Vec<u8>>);

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.position() % 7 == 3 {
            self.0.set_position(self.0.position() + 1);
            let byte = self.0.get_ref().get(self.0.position() as usize - 1).copied();
            return Ok(byte.map_or(0, |byte| {
                buffer[0] = byte;
                1
            }));
        }
        let most = buffer.len().min(5);
        self.0.read(&mut buffer[..most])
    }
}
