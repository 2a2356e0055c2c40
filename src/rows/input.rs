//! A row file to be read: its name as shown and its bytes; which reader reads it.

use std::io::Read;

use super::csv::CsvReader;
use super::record::{ReadError, Reader};
use super::sniff::refuse_other_formats;
use super::table::Table;
use super::window::Window;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span};
use crate::model::TextEncoding;
use crate::playbook::FileForm;

/// A row file: its name as messages show it, and its bytes.
pub struct Input {
    /// The name.
    pub name: String,
    /// The bytes.
    pub reader: Box<dyn Read + Send>,
}

impl Input {
    /// A file of that name with those bytes.
    pub fn new(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self { name: name.into(), reader: Box::new(reader) }
    }
}

/// Opens the reader for a file; what stands against it is reported. A reader of a new kind is chosen here.
pub(super) fn open_reader(
    input: Input,
    expected: &[&str],
    form: &FileForm,
    diagnostics: &mut Diagnostics,
) -> Option<Box<dyn Reader>> {
    match open(input.reader, expected, form) {
        Ok(reader) => Some(reader),
        Err(error) => {
            diagnostics.push(message(error, &input.name, false));
            None
        }
    }
}

/// Opens a reader for a file.
pub(super) fn open(
    input: impl Read + Send + 'static,
    expected: &[&str],
    form: &FileForm,
) -> Result<Box<dyn Reader>, ReadError> {
    let window = Window::open(input, form.encoding)?;
    refuse_other_formats(window.bytes())?;
    Ok(Box::new(CsvReader::open(window, expected, form.delimiter)?))
}

/// Says which encoding was told from a file's bytes, where it is not UTF-8.
pub(super) fn note_encoding(file: &str, encoding: TextEncoding, diagnostics: &mut Diagnostics) {
    let message = format!("`{file}` is read as {}, told from its bytes", encoding.name());
    let help = format!("`encoding: {}` in the playbook settles it", encoding.word());
    diagnostics.push(Diagnostic::note("encoding-told", message).help(help));
}

/// Reports what ended the reading of a file.
pub(super) fn report(error: ReadError, table: &Table, diagnostics: &mut Diagnostics) {
    diagnostics.push(message(error, &table.file, table.is_masked()));
}

fn message(error: ReadError, file: &str, masked: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(error.code, error.message).maybe_help(error.help);
    let place = match error.spot {
        Some((line, text, span)) if masked => {
            let column = Place::in_line(file, line, &text, span).column;
            Place { column, ..Place::in_line(file, line, "***", Span::new(0, 3)) }
        }
        Some((line, text, span)) => Place::in_line(file, line, &text, span),
        None => Place::in_line(file, 1, "", Span::new(0, 0)),
    };
    diagnostic.at(place, "")
}
