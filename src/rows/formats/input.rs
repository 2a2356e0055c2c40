//! A row file to be read: its name as shown and its bytes; which reader reads it.

use crate::rows::record::{Dialect, ReadError, Reader, RowFormat, unreadable};
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

/// A row file: its name as messages show it, and its bytes.
pub struct Input {
    /// The name; what follows its last point tells the format.
    pub name: String,
    /// The bytes.
    pub reader: Box<dyn Read + Send>,
    /// How it is written, where that is known.
    pub dialect: Option<Dialect>,
    /// The encoding that is meant where neither the playbook nor the bytes tell.
    pub(in crate::rows) fallback: Option<TextEncoding>,
    /// Heads of columns whose cells must not be shown, whatever the playbook says.
    pub redacted: Vec<String>,
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
            fallback: None,
            redacted: Vec::new(),
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
    pub fn with_fallback_encoding(self, encoding: TextEncoding) -> Self {
        Self { fallback: Some(encoding), ..self }
    }

    /// The same, with columns whose cells must not be shown.
    #[must_use]
    pub fn redacting(self, redacted: Vec<String>) -> Self {
        Self { redacted, ..self }
    }

    /// The same, whose own bytes are wanted beside its records.
    pub(in crate::rows) fn with_trail(self) -> Self {
        Self { trail: true, ..self }
    }
}

/// The heads that a file should have.
pub(in crate::rows) struct ExpectedColumns<'e> {
    /// The declared columns.
    pub(in crate::rows) columns: &'e [ColumnDecl],
    /// Those that name or tie its rows.
    pub(in crate::rows) tied: Vec<&'e str>,
    /// Whether sensitive cells are shown.
    pub(in crate::rows) unmask: bool,
}

impl<'e> ExpectedColumns<'e> {
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
    expected: &ExpectedColumns<'_>,
    form: &FileForm,
    diagnostics: &mut Diagnostics,
) -> Option<Box<dyn Reader>> {
    let Input { name, reader, dialect, fallback, redacted: _, trail } = input;
    let opened = match dialect {
        Some(dialect) => open_as(reader, &dialect),
        None => open(&name, (reader, trail), expected, (form, fallback), diagnostics),
    };
    let opened = opened.map_err(|error| if expected.is_masked() { error.without_cells() } else { error });
    opened.map_err(|error| diagnostics.push(error.diagnostic(&name, false))).ok()
}

fn open(
    name: &str,
    (reader, trail): (Box<dyn Read + Send>, bool),
    expected: &ExpectedColumns<'_>,
    (form, fallback): (&FileForm, Option<TextEncoding>),
    diagnostics: &mut Diagnostics,
) -> Result<Box<dyn Reader>, ReadError> {
    let (head, mut reader) = begun(reader)?;
    if is_workbook(name, &head, reader.as_mut())? {
        let sheet = form.sheet.as_ref().map(|sheet| sheet.value.as_str());
        return Ok(Box::new(XlsxReader::open(reader, sheet, expected.columns)?));
    }
    let mut window = TextWindow::open_with_fallback(reader, form.encoding, fallback)?;
    if trail {
        window.keep_trail();
    }
    let found = format_of(name, window.bytes());
    if found.by_content {
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
        TextFormat::Csv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter)?),
        TextFormat::Tsv => Box::new(CsvReader::open(window, &expected.all(), form.delimiter.or(Some('\t')))?),
        TextFormat::JsonLines => Box::new(json(JsonLayout::Lines, window)?),
        TextFormat::JsonArray => Box::new(json(JsonLayout::Array, window)?),
    })
}

/// Whether a file that begins so is a workbook that is read; none where it is something else that is not.
fn is_workbook(name: &str, head: &[u8], reader: &mut dyn Read) -> Result<bool, ReadError> {
    match classify(name, head) {
        FileClass::Workbook => Ok(true),
        FileClass::Text => Ok(false),
        FileClass::Foreign => Err(unsupported::refusal(&extension(name), reader)),
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
    let window = TextWindow::open(reader, Some(dialect.encoding))?;
    Ok(match dialect.format {
        RowFormat::Csv => Box::new(CsvReader::open(window, &[], Some(dialect.delimiter))?.with_taken(dialect.taken)),
        RowFormat::JsonLines => Box::new(JsonReader::open(window, JsonLayout::Lines, &[], Some(dialect.heads()))?),
    })
}

/// Opens a row file of ours that a person filled in.
pub(in crate::rows) fn open_settlements(
    input: Input,
    wanted: &[&str],
    form: &FileForm,
) -> Result<Box<dyn Reader>, ReadError> {
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
