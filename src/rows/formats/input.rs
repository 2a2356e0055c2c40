//! A row file to be read: its name as shown and its bytes; which reader reads it.

use std::io::{Cursor, Read};

use super::kind::{Format, Look, extension, format_of, look};
use super::problems::unreadable;
use super::unsupported;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span};
use crate::model::TextEncoding;
use crate::playbook::{ColumnDecl, FileForm};
use crate::rows::formats::csv::CsvReader;
use crate::rows::formats::encoding::Window;
use crate::rows::formats::json::{JsonReader, Shape};
use crate::rows::formats::xlsx::XlsxReader;
use crate::rows::record::{Dialect, RowFormat};
use crate::rows::record::{ReadError, Reader};
use crate::rows::result_columns::ResultColumn;
use crate::rows::table::Table;

/// A row file: its name as messages show it, and its bytes.
pub struct Input {
    /// The name; what follows its last point tells the format.
    pub name: String,
    /// The bytes.
    pub reader: Box<dyn Read + Send>,
    /// How it is written, where that is known.
    pub dialect: Option<Dialect>,
    /// The encoding that is meant where neither the playbook nor the bytes tell.
    pub(in crate::rows) likely: Option<TextEncoding>,
    /// Heads of columns whose cells must not be shown, whatever the playbook says.
    pub veiled: Vec<String>,
    /// Whether its own bytes are wanted beside its records.
    pub(in crate::rows) trail: bool,
}

impl Input {
    /// A file of that name with those bytes.
    pub fn new(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self {
            name: name.into(),
            reader: Box::new(reader),
            dialect: None,
            likely: None,
            veiled: Vec::new(),
            trail: false,
        }
    }

    /// The same, written in a dialect that is known.
    #[must_use]
    pub fn written_as(self, dialect: Dialect) -> Self {
        Self { dialect: Some(dialect), ..self }
    }

    /// The same, of rows that a run has read or written in that encoding: it is meant where the bytes do not tell.
    #[must_use]
    pub fn likely_in(self, encoding: TextEncoding) -> Self {
        Self { likely: Some(encoding), ..self }
    }

    /// The same, with columns whose cells must not be shown.
    #[must_use]
    pub fn veiling(self, veiled: Vec<String>) -> Self {
        Self { veiled, ..self }
    }

    /// The same, whose own bytes are wanted beside its records.
    pub(in crate::rows) fn with_trail(self) -> Self {
        Self { trail: true, ..self }
    }
}

/// The heads that a file should have.
pub(in crate::rows) struct Expected<'e> {
    /// The declared columns.
    pub(in crate::rows) columns: &'e [ColumnDecl],
    /// Those that name or tie its rows.
    pub(in crate::rows) tied: Vec<&'e str>,
    /// Whether sensitive cells are shown.
    pub(in crate::rows) unmask: bool,
}

impl<'e> Expected<'e> {
    pub(in crate::rows) fn of(columns: &'e [ColumnDecl], tied: impl Iterator<Item = &'e str>) -> Self {
        Self { columns, tied: tied.collect(), unmask: false }
    }

    /// The same, with sensitive cells shown where that is so.
    pub(in crate::rows) fn unmasked(self, unmask: bool) -> Self {
        Self { unmask, ..self }
    }

    /// Whether the first row of a file may hold what must not be shown.
    fn is_masked(&self) -> bool {
        !self.unmask && self.columns.iter().any(|column| column.sensitive)
    }

    fn all(&self) -> Vec<&'e str> {
        self.declared().into_iter().chain(self.tied.iter().copied()).collect()
    }

    fn declared(&self) -> Vec<&'e str> {
        self.columns.iter().map(ColumnDecl::head).collect()
    }
}

/// Opens the reader for a file; what stands against it is reported. A reader of a new kind is chosen here.
pub(in crate::rows) fn open_reader(
    input: Input,
    expected: &Expected<'_>,
    form: &FileForm,
    diagnostics: &mut Diagnostics,
) -> Option<Box<dyn Reader>> {
    let Input { name, reader, dialect, likely, veiled: _, trail } = input;
    let opened = match dialect {
        Some(dialect) => open_as(reader, &dialect),
        None => open(&name, (reader, trail), expected, (form, likely), diagnostics),
    };
    let opened = opened.map_err(|error| if expected.is_masked() { error.veiled() } else { error });
    opened.map_err(|error| diagnostics.push(message(error, &name, false))).ok()
}

fn open(
    name: &str,
    (reader, trail): (Box<dyn Read + Send>, bool),
    expected: &Expected<'_>,
    (form, likely): (&FileForm, Option<TextEncoding>),
    diagnostics: &mut Diagnostics,
) -> Result<Box<dyn Reader>, ReadError> {
    let (head, mut reader) = begun(reader)?;
    if is_workbook(name, &head, reader.as_mut())? {
        let sheet = form.sheet.as_ref().map(|sheet| sheet.value.as_str());
        return Ok(Box::new(XlsxReader::open(reader, sheet, expected.columns)?));
    }
    let mut window = Window::open_likely(reader, form.encoding, likely)?;
    if trail {
        window.keep_trail();
    }
    let found = format_of(name, window.bytes());
    if found.told {
        let message = format!("`{name}` is read as {}, told from how it begins", found.format.name());
        diagnostics.push(Diagnostic::note("format-told", message));
    }
    if form.sheet.is_some() {
        let message = format!("`sheet` means nothing for `{name}`, which is no workbook");
        diagnostics.push(Diagnostic::warning("format-told", message));
    }
    let json = |shape, window| {
        let opened = JsonReader::open(window, shape, &expected.declared(), None);
        opened.map_err(|error| if expected.is_masked() { error.masked() } else { error })
    };
    Ok(match found.format {
        Format::Csv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter)?),
        Format::Tsv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter.or(Some('\t')))?),
        Format::JsonLines => Box::new(json(Shape::Lines, window)?),
        Format::JsonArray => Box::new(json(Shape::Array, window)?),
    })
}

/// Whether a file that begins so is a workbook that is read; none where it is something else that is not.
fn is_workbook(name: &str, head: &[u8], reader: &mut dyn Read) -> Result<bool, ReadError> {
    match look(name, head) {
        Look::Workbook => Ok(true),
        Look::Text => Ok(false),
        Look::Foreign => Err(unsupported::refusal(&extension(name), reader)),
    }
}

/// How a file begins, and all of it.
fn begun(mut reader: Box<dyn Read + Send>) -> Result<(Vec<u8>, Box<dyn Read + Send>), ReadError> {
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    let whole = Box::new(Cursor::new(head.clone()).chain(reader));
    Ok((head, whole))
}

/// Opens a file whose dialect is known.
pub(in crate::rows) fn open_as(
    reader: impl Read + Send + 'static,
    dialect: &Dialect,
) -> Result<Box<dyn Reader>, ReadError> {
    let window = Window::open(reader, Some(dialect.encoding))?;
    Ok(match dialect.format {
        RowFormat::Csv => Box::new(CsvReader::open(window, &[], Some(dialect.delimiter))?.with_taken(dialect.taken)),
        RowFormat::JsonLines => Box::new(JsonReader::open(window, Shape::Lines, &[], Some(dialect.heads()))?),
    })
}

/// Opens a row file of ours that a person filled in.
pub(in crate::rows) fn open_filled(
    input: Input,
    wanted: &[&str],
    form: &FileForm,
) -> Result<Box<dyn Reader>, ReadError> {
    let (head, mut reader) = begun(input.reader)?;
    if is_workbook(&input.name, &head, reader.as_mut())? {
        let sheet = form.sheet.as_ref().map(|sheet| sheet.value.as_str());
        return Ok(Box::new(XlsxReader::open(reader, sheet, &[])?));
    }
    let window = Window::open_likely(reader, form.encoding, input.likely)?;
    Ok(match format_of(&input.name, window.bytes()).format {
        Format::Csv | Format::Tsv => {
            Box::new(CsvReader::open(window, &[ResultColumn::FIRST.as_str()], form.delimiter)?)
        }
        Format::JsonLines => Box::new(JsonReader::open(window, Shape::Lines, wanted, None)?.strict()),
        Format::JsonArray => Box::new(JsonReader::open(window, Shape::Array, wanted, None)?.strict()),
    })
}

/// Says that a file holds a header and nothing more.
pub(in crate::rows) fn no_rows(file: &str) -> Diagnostic {
    let help = "An export that failed often looks so; with `--fail-empty` it is an error";
    Diagnostic::warning("no-rows", format!("`{file}` holds no rows")).help(help)
}

/// Says which encoding was told from a file's bytes, where it is not UTF-8.
pub(in crate::rows) fn note_encoding(file: &str, encoding: TextEncoding, diagnostics: &mut Diagnostics) {
    let message = format!("`{file}` is read as {}, told from its bytes", encoding.name());
    let help = format!("`encoding: {}` in the playbook settles it", encoding.as_str());
    diagnostics.push(Diagnostic::note("encoding-told", message).help(help));
}

/// Reports what ended the reading of a file.
pub(in crate::rows) fn report(error: ReadError, table: &Table, diagnostics: &mut Diagnostics) {
    diagnostics.push(message(error, &table.file, table.is_masked()));
}

fn message(error: ReadError, file: &str, masked: bool) -> Diagnostic {
    let error = if masked { error.veiled() } else { error };
    let diagnostic = Diagnostic::error(error.code, error.message);
    let diagnostic = match &error.help {
        Some(help) => diagnostic.help_in_lines(help),
        None => diagnostic,
    };
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
