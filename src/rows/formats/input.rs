//! A row file to be read, and the choice of its reader.

use crate::rows::record::{Dialect, ReadError, RecordReader, RowFormat};
use std::io::{Cursor, Read};

use super::kind::{FileClass, TextFormat, classify, extension, format_of};
use super::unsupported;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::TextEncoding;
use crate::playbook::{ColumnDecl, FileForm};
use crate::rows::formats::csv::CsvReader;
use crate::rows::formats::encoding::TextWindow;
use crate::rows::formats::json::{JsonLayout, JsonReader};
use crate::rows::formats::xlsx::XlsxReader;
use crate::rows::result_columns::ResultColumn;

/// A row file: its name, its bytes, and what is known about it.
pub struct Input {
    /// The name as messages show it. Its extension decides the format.
    pub name: String,
    /// The bytes of the file.
    pub reader: Box<dyn Read + Send>,
    /// How the file is written; `None` if that must be detected.
    pub dialect: Option<Dialect>,
    /// The encoding to assume if neither the playbook nor the bytes decide it.
    pub(in crate::rows) fallback: Option<TextEncoding>,
    /// Heads of columns that are sensitive even if the playbook does not declare them so.
    pub redacted: Vec<String>,
    /// Whether the reader keeps the file's bytes beside its records.
    pub(in crate::rows) keep_source: bool,
}

impl Input {
    /// A file of that name with those bytes.
    pub fn new(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self {
            name: name.into(),
            reader: Box::new(reader),
            dialect: None,
            fallback: None,
            redacted: Vec::new(),
            keep_source: false,
        }
    }

    /// Sets the dialect in which the file is written.
    #[must_use]
    pub fn written_as(self, dialect: Dialect) -> Self {
        Self { dialect: Some(dialect), ..self }
    }

    /// Sets the encoding to assume if the bytes do not decide it: the one in which a run read or wrote these rows.
    #[must_use]
    pub fn with_fallback_encoding(self, encoding: TextEncoding) -> Self {
        Self { fallback: Some(encoding), ..self }
    }

    /// Sets the heads of columns that are sensitive even if the playbook does not declare them so.
    #[must_use]
    pub fn redacting(self, redacted: Vec<String>) -> Self {
        Self { redacted, ..self }
    }

    /// Makes the reader keep the file's bytes beside its records.
    pub(in crate::rows) fn keeping_source(self) -> Self {
        Self { keep_source: true, ..self }
    }
}

/// The columns that a file should have.
pub(in crate::rows) struct ExpectedColumns<'e> {
    /// The declared columns.
    pub(in crate::rows) columns: &'e [ColumnDecl],
    /// The columns that name its rows or match them with a list.
    pub(in crate::rows) tied: Vec<&'e str>,
    /// Whether messages show sensitive cells.
    pub(in crate::rows) unmask: bool,
}

impl<'e> ExpectedColumns<'e> {
    pub(in crate::rows) fn of(columns: &'e [ColumnDecl], tied: impl Iterator<Item = &'e str>) -> Self {
        Self { columns, tied: tied.collect(), unmask: false }
    }

    /// Sets whether messages show sensitive cells.
    pub(in crate::rows) fn unmasked(self, unmask: bool) -> Self {
        Self { unmask, ..self }
    }

    /// Whether messages about the first row must hide its cells.
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

/// Opens the reader for a file, chosen by its format. An error is added to `diagnostics` and gives `None`.
pub(in crate::rows) fn open_reader(
    input: Input,
    expected: &ExpectedColumns<'_>,
    form: &FileForm,
    diagnostics: &mut Diagnostics,
) -> Option<Box<dyn RecordReader>> {
    let Input { name, reader, dialect, fallback, redacted: _, keep_source } = input;
    let opened = match dialect {
        Some(dialect) => open_as(reader, &dialect),
        None => open(&name, (reader, keep_source), expected, (form, fallback), diagnostics),
    };
    let opened = opened.map_err(|error| if expected.is_masked() { error.without_cells() } else { error });
    opened.map_err(|error| diagnostics.push(error.diagnostic(&name, false))).ok()
}

fn open(
    name: &str,
    (reader, keep_source): (Box<dyn Read + Send>, bool),
    expected: &ExpectedColumns<'_>,
    (form, fallback): (&FileForm, Option<TextEncoding>),
    diagnostics: &mut Diagnostics,
) -> Result<Box<dyn RecordReader>, ReadError> {
    let (head, mut reader) = begun(reader)?;
    if is_workbook(name, &head, reader.as_mut())? {
        let sheet = form.sheet.as_ref().map(|sheet| sheet.value.as_str());
        return Ok(Box::new(XlsxReader::open(reader, sheet, expected.columns)?));
    }
    let mut window = TextWindow::open_with_fallback(reader, form.encoding, fallback)?;
    if keep_source {
        window.keep_source();
    }
    let found = format_of(name, window.bytes());
    if found.by_content {
        let message = format!("`{name}` is read as {}, detected from its first bytes", found.format.name());
        diagnostics.push(Diagnostic::note("format-told", message));
    }
    if form.sheet.is_some() {
        let message = format!("`sheet` has no effect on `{name}`, which is not a workbook");
        diagnostics.push(Diagnostic::warning("format-told", message));
    }
    let json = |shape, window| {
        let opened = JsonReader::open(window, shape, &expected.declared(), None);
        opened.map_err(|error| if expected.is_masked() { error.masked() } else { error })
    };
    Ok(match found.format {
        TextFormat::Csv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter)?),
        TextFormat::Tsv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter.or(Some('\t')))?),
        TextFormat::JsonLines => Box::new(json(JsonLayout::Lines, window)?),
        TextFormat::JsonArray => Box::new(json(JsonLayout::Array, window)?),
    })
}

/// Whether a file is an XLSX workbook.
///
/// # Errors
///
/// It is a workbook of another kind, or has the name of one and is not.
fn is_workbook(name: &str, head: &[u8], reader: &mut dyn Read) -> Result<bool, ReadError> {
    match classify(name, head) {
        FileClass::Workbook => Ok(true),
        FileClass::Text => Ok(false),
        FileClass::Foreign => Err(unsupported::refusal(&extension(name), reader)),
    }
}

/// The first four bytes of a file, and a reader that gives the whole of it.
fn begun(mut reader: Box<dyn Read + Send>) -> Result<(Vec<u8>, Box<dyn Read + Send>), ReadError> {
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head).map_err(|error| ReadError::unreadable(&error))?;
    let whole = Box::new(Cursor::new(head.clone()).chain(reader));
    Ok((head, whole))
}

/// Opens a file whose dialect is known.
pub(in crate::rows) fn open_as(
    reader: impl Read + Send + 'static,
    dialect: &Dialect,
) -> Result<Box<dyn RecordReader>, ReadError> {
    let window = TextWindow::open(reader, Some(dialect.encoding))?;
    Ok(match dialect.format {
        RowFormat::Csv => Box::new(CsvReader::open(window, &[], Some(dialect.delimiter))?.with_taken(dialect.taken)),
        RowFormat::JsonLines => Box::new(JsonReader::open(window, JsonLayout::Lines, &[], Some(dialect.heads()))?),
    })
}

/// Opens a run's row file in which a person has settled calls.
pub(in crate::rows) fn open_settlements(
    input: Input,
    wanted: &[&str],
    form: &FileForm,
) -> Result<Box<dyn RecordReader>, ReadError> {
    let (head, mut reader) = begun(input.reader)?;
    if is_workbook(&input.name, &head, reader.as_mut())? {
        let sheet = form.sheet.as_ref().map(|sheet| sheet.value.as_str());
        return Ok(Box::new(XlsxReader::open(reader, sheet, &[])?));
    }
    let window = TextWindow::open_with_fallback(reader, form.encoding, input.fallback)?;
    Ok(match format_of(&input.name, window.bytes()).format {
        TextFormat::Csv | TextFormat::Tsv => {
            Box::new(CsvReader::open(window, &[ResultColumn::FIRST.as_str()], form.delimiter)?)
        }
        TextFormat::JsonLines => Box::new(JsonReader::open(window, JsonLayout::Lines, wanted, None)?.strict()),
        TextFormat::JsonArray => Box::new(JsonReader::open(window, JsonLayout::Array, wanted, None)?.strict()),
    })
}
