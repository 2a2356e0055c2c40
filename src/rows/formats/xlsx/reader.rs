//! Reads a sheet: each row becomes the line of CSV that row files will hold.

use std::io::Read;

use jiff::civil::DateTime;

use super::number_format::NumberFormat;
use super::package::Package;
use super::problems;
use super::sheet_cell::{CellKind, SheetCell, SheetRow, name_of};
use super::sheet_rows::SheetRows;
use super::stored_number::{is_rounded, iso_moment, moment, plain};
use super::strings::Strings;
use super::styles::Styles;
use super::workbook::Workbook;
use super::xml::LONGEST_TEXT;
use crate::diagnostic::{Diagnostic, shortened};
use crate::model::TextEncoding;
use crate::playbook::{ColumnDecl, ColumnType};
use crate::rows::record::{CellSpan, Dialect, LineEnd, ReadError, Record, RecordProblem, RecordReader};
use crate::rows::result_columns::{UNREAD, result_columns_start};

/// The cure for a formula without a value.
const SAVE: &str = "Open the workbook in a spreadsheet and save it, which works it out; where that changes nothing, save \
                    the sheet as \"CSV UTF-8\"";

/// Reads one sheet of a workbook.
pub(in crate::rows::formats) struct XlsxReader {
    rows: SheetRows,
    strings: Strings,
    styles: Styles,
    since_1904: bool,
    /// The workbook's setting that asks for its formulas to be recalculated; `None` if their saved values are valid.
    stale: Option<&'static str>,
    heads: Vec<String>,
    /// The declaration of the column under each head.
    decls: Vec<Option<ColumnDecl>>,
    header_line: usize,
    dialect: Dialect,
    hidden: Option<u64>,
}

impl XlsxReader {
    /// Opens a sheet: the one named `sheet`, or the first visible one with rows. `columns` are the declared columns.
    ///
    /// # Errors
    ///
    /// The workbook cannot be read, or has no such sheet.
    pub(in crate::rows::formats) fn open(
        input: impl Read,
        sheet: Option<&str>,
        columns: &[ColumnDecl],
    ) -> Result<Self, ReadError> {
        let mut package = Package::open(input)?;
        let book = Workbook::open(&mut package, sheet)?;
        let strings = Strings::read(book.strings.as_ref())?;
        let styles = Styles::read(book.styles.as_ref())?;
        let dialect = Dialect { bom: true, line_end: LineEnd::CrLf, converted: true, ..Dialect::default() };
        let mut this = Self {
            rows: SheetRows::open(&book.sheet, book.stale.is_some()),
            strings,
            styles,
            since_1904: book.since_1904,
            stale: book.stale,
            heads: Vec::new(),
            decls: Vec::new(),
            header_line: 1,
            dialect,
            hidden: None,
        };
        this.read_header(&book, columns)?;
        Ok(this)
    }

    fn read_header(&mut self, book: &Workbook, columns: &[ColumnDecl]) -> Result<(), ReadError> {
        let row = loop {
            let row = self.rows.next()?.ok_or_else(|| problems::empty_sheet(&book.name, &book.others))?;
            if !row.cells.is_empty() {
                break row;
            }
        };
        let mut record = Record::default();
        self.set(&mut record, &row);
        if let Some(problem) = &record.problem {
            return Err(ReadError {
                code: "bad-header",
                message: problem.message.clone(),
                help: Some(problem.help.clone()),
                place: Some((record.line, record.text.clone(), problem.span)),
            });
        }
        let heads = |record: &Record| -> Vec<String> {
            (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().trim().to_owned()).collect()
        };
        self.heads = heads(&record);
        if let Some(own) = result_columns_start(&self.heads) {
            record.unescape_formulas(own);
            self.heads = heads(&record);
        }
        while self.heads.last().is_some_and(String::is_empty) {
            self.heads.pop();
        }
        let decl = |head: &String| columns.iter().find(|column| column.head() == head).cloned();
        self.decls = self.heads.iter().map(decl).collect();
        let own = result_columns_start(&self.heads).unwrap_or(self.heads.len());
        self.header_line = record.line;
        self.dialect.columns = own;
        self.dialect.header = String::from_utf8_lossy(&record.raw(own)).into_owned();
        Ok(())
    }

    /// Fills a record from a row, with as many cells as the header has, or more if the row has more.
    fn set(&self, record: &mut Record, row: &SheetRow) {
        record.text.clear();
        record.cells.clear();
        record.problem = None;
        record.number = row.number;
        record.line = usize::try_from(row.number).unwrap_or(usize::MAX);
        let width = row.cells.last().map_or(0, |cell| cell.column + 1).max(self.heads.len());
        let mut cells = row.cells.iter().peekable();
        for column in 0..width {
            if column > 0 {
                record.text.push(',');
            }
            let text = match cells.next_if(|cell| cell.column == column) {
                // A shared text counts each time it is used.
                Some(_) if record.text.len() > LONGEST_TEXT => Ok(String::new()),
                Some(cell) => self.sound_text(cell, row.number).map_err(|problem| (cell, problem)),
                None => Ok(String::new()),
            };
            let (text, problem) = match text {
                Ok(text) => (text, None),
                // Plain text would be read as the cell's value when the row file is run again.
                Err((cell, problem)) => (format!("{UNREAD} {}", cell.text), Some(problem)),
            };
            let cell = push(&mut record.text, &text);
            record.cells.push(cell);
            if let Some(problem) = problem {
                record.problem.get_or_insert(RecordProblem { span: cell.span(), ..problem });
            }
        }
        if record.text.len() > LONGEST_TEXT {
            let message = format!("The row is longer than {} MiB", LONGEST_TEXT >> 20);
            record.problem.get_or_insert_with(|| problems::cell(message, "What is that long does not fit a request"));
        }
    }

    /// A cell's text. It must hold no NUL, because row files are read as text again.
    fn sound_text(&self, cell: &SheetCell, row: u64) -> Result<String, RecordProblem> {
        let text = self.text(cell, row)?;
        if !text.contains('\0') {
            return Ok(text);
        }
        let message = format!("A NUL stands in the cell {}", name_of(cell.column, row));
        Err(problems::cell(message, "Enter the cell's text again without it"))
    }

    /// A cell's text as a spreadsheet shows it, or the problem.
    fn text(&self, cell: &SheetCell, row: u64) -> Result<String, RecordProblem> {
        let name = || name_of(cell.column, row);
        if cell.formula {
            self.worked_out(cell).map_err(|why| {
                problems::cell(format!("The cell {} holds a formula and not what comes of it{why}", name()), SAVE)
            })?;
        }
        match cell.kind {
            CellKind::Text => Ok(cell.text.clone()),
            CellKind::Date => Ok(self.date(cell)),
            CellKind::Boolean => Ok(if cell.text.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
            CellKind::Error => {
                let message = format!("The cell {} holds the error `{}`", name(), shortened(&cell.text, 20));
                Err(problems::cell(message, "Correct the formula, or write the value itself"))
            }
            CellKind::Shared => {
                let number = cell.text.trim().parse().unwrap_or(u64::MAX);
                let text = self.strings.get(number).ok().flatten();
                text.ok_or_else(|| {
                    problems::cell(
                        format!("The text of the cell {} is missing", name()),
                        "Open the workbook in a spreadsheet and save it again",
                    )
                })
            }
            CellKind::Number => self.number(cell, row),
        }
    }

    /// Checks that a formula has a valid saved value; the error is the end of a message.
    fn worked_out(&self, cell: &SheetCell) -> Result<(), String> {
        if let Some(word) = self.stale {
            return Err(format!(": the workbook says that its formulas have to be worked out anew (`{word}`)"));
        }
        // A formula whose result is an empty text is saved with an empty value.
        let empty = cell.text.trim().is_empty() && cell.kind != CellKind::Text;
        if empty || !cell.valued { Err(String::new()) } else { Ok(()) }
    }

    fn number(&self, cell: &SheetCell, row: u64) -> Result<String, RecordProblem> {
        let name = || name_of(cell.column, row);
        let style = self.styles.get(cell.style);
        let decl = self.decls.get(cell.column).and_then(Option::as_ref);
        if let NumberFormat::Moment { day, time } = style.shape {
            let at = moment(&cell.text, self.since_1904);
            return at.and_then(|at| shown_moment(at, &cell.text, (day, time), decl)).ok_or_else(|| {
                let message = format!("The cell {} is shown as a date, but its number is not a day or time", name());
                problems::cell(message, "Format the cell as text and write the date, such as `2026-11-22`")
            });
        }
        let kind = decl.map_or(ColumnType::String, |decl| decl.kind);
        if is_rounded(&cell.text) && kind != ColumnType::Number {
            let message =
                format!("The cell {} holds a number of more than 15 digits, which the spreadsheet has rounded", name());
            return Err(problems::cell(
                message,
                "Format the column as text and enter the number again, from where it came",
            ));
        }
        let shown = match kind {
            ColumnType::Integer | ColumnType::Number | ColumnType::Json => plain(&cell.text),
            ColumnType::String | ColumnType::Boolean | ColumnType::Date | ColumnType::Datetime | ColumnType::List => {
                style.shape.show(&cell.text)
            }
        };
        shown.ok_or_else(|| {
            let message = format!("The cell {} shows a number as `{}`, which is not read", name(), style.code);
            problems::cell(message, "Format the cell as text or as a plain number, or declare its column as `number`")
        })
    }

    /// A date stored in ISO form, shown like one stored as a number.
    fn date(&self, cell: &SheetCell) -> String {
        let decl = self.decls.get(cell.column).and_then(Option::as_ref);
        let parts = match self.styles.get(cell.style).shape {
            NumberFormat::Moment { day, time } => (day, time),
            NumberFormat::General | NumberFormat::Sections(_) | NumberFormat::Other => (true, false),
        };
        let shown = iso_moment(&cell.text).and_then(|at| shown_moment(at, &cell.text, parts, decl));
        shown.unwrap_or_else(|| cell.text.clone())
    }
}

/// A date in the column's form: ISO, or its declared `format`. `number` is the stored text.
fn shown_moment(at: DateTime, number: &str, (day, time): (bool, bool), decl: Option<&ColumnDecl>) -> Option<String> {
    let kind = decl.map(|decl| decl.kind);
    if let Some(format) = decl.and_then(|decl| decl.format.as_ref()) {
        return Some(format.write(&at.to_zoned(jiff::tz::TimeZone::UTC).ok()?));
    }
    let is_whole = at.time() == jiff::civil::Time::midnight();
    Some(match (kind, day, time) {
        (Some(ColumnType::Date), ..) if is_whole => at.date().to_string(),
        (Some(ColumnType::Datetime), ..) => at.to_string(),
        (Some(ColumnType::Integer | ColumnType::Number | ColumnType::Json), ..) => plain(number)?,
        (_, false, _) => at.time().to_string(),
        (_, true, false) if is_whole => at.date().to_string(),
        (_, true, _) => at.to_string(),
    })
}

/// Appends a cell to a line of CSV; returns its range.
fn push(line: &mut String, text: &str) -> CellSpan {
    let start = line.len();
    // A byte-order mark at the start of a line would be taken for the file's.
    let mark = start == 0 && text.starts_with('\u{feff}');
    if !mark && !text.contains([',', '"', '\n', '\r']) {
        line.push_str(text);
        return CellSpan::plain(start, line.len());
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    let end = line.len();
    line.push('"');
    CellSpan { start: start + 1, end, quoted: true, escaped: text.contains('"') }
}

impl RecordReader for XlsxReader {
    fn heads(&self) -> &[String] {
        &self.heads
    }

    fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn header_line(&self) -> usize {
        self.header_line
    }

    fn detected_encoding(&self) -> Option<TextEncoding> {
        None
    }

    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while let Some(row) = self.rows.next()? {
            // Rows with formatting and without cells are skipped.
            if row.cells.is_empty() {
                continue;
            }
            if row.hidden {
                self.hidden.get_or_insert(row.number);
            }
            self.set(record, &row);
            return Ok(true);
        }
        Ok(false)
    }

    fn remarks(&self, file: &str) -> Option<Diagnostic> {
        let first = self.hidden?;
        let message = format!("Hidden rows of `{file}` are read like the others, the first is row {first}");
        let help = "Take rows that are not meant out of the sheet; a filter only hides them";
        Some(Diagnostic::warning("hidden-row", message).help(help))
    }
}
