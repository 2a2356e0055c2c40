//! Workbooks: whatever their parts say, rows with sound messages or a refusal; what is read becomes CSV that reads the same.

use std::io::{Cursor, Write};
use std::str;

use runsheet::internals::diagnostic::Diagnostics;
use runsheet::internals::rows::Input;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::csv::{Read, decl};
use super::parts::parts;

/// How an input begins that is an archive as it stands; any other is the text of its parts.
const ARCHIVE: &[u8] = b"PK";

/// The last byte of an input chooses what the playbook says of it.
const FORMS: [&str; 3] = [
    "{ key: id }",
    "{ key: id, columns: { a: { type: number, optional: true }, b: { type: date, optional: true }, c: { type: datetime, timezone: Asia/Taipei, optional: true }, d: { type: boolean, optional: true } } }",
    "{ key: id, sheet: Second }",
];

/// The parts that every workbook has; an input's own replace them.
const USUAL: [(&str, &str); 2] = [
    (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"First\" r:id=\"rId1\"/><sheet name=\"Second\" r:id=\"rId2\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/a.xml\"/><Relationship Id=\"rId2\" Target=\"/xl/worksheets/b.xml\"/></Relationships>",
    ),
];

pub(crate) fn holds(data: &[u8]) {
    let form = usize::from(data.last().copied().unwrap_or_default()) % FORMS.len();
    let decl = decl(FORMS[form]);
    let bytes = match (data.starts_with(ARCHIVE), str::from_utf8(data)) {
        (false, Ok(text)) => packed(text),
        _ => data.to_vec(),
    };
    let mut told = Diagnostics::default();
    let read = Read::all(&decl, Input::new("rows.xlsx", Cursor::new(bytes)), &mut told);
    super::messages::are_sound(&told, &[]);
    match read {
        // What is wrong with a cell of a workbook, such as `#N/A`, is no mistake in the CSV that is made of it.
        Some(read) if read.all.len() > read.rows.len() => {}
        Some(read) => read.is_written_and_read_again(&decl, form == 0),
        None => assert!(told.has_errors()),
    }
}

/// An archive of the parts that a text names; the first sheet's rows may stand ahead of them.
fn packed(text: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut files: Vec<(String, String)> = Vec::new();
    for (name, text) in USUAL.iter().map(|(name, text)| (*name, (*text).to_owned())).chain(parts(text, "")) {
        let (name, text) = match name {
            "" => ("xl/worksheets/a.xml", format!("<worksheet><sheetData>{text}</sheetData></worksheet>")),
            name => (name, text),
        };
        files.retain(|(known, _)| known != name);
        files.push((name.to_owned(), text));
    }
    for (name, text) in files {
        // A name that no archive can have.
        if zip.start_file(name, SimpleFileOptions::default()).is_err() || zip.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}
