//! Reads CSV records with their own bytes, one in memory: quotes, doubled quotes, line breaks inside quotes.

use super::problems;
use crate::rows::record::{
    CellSpan, Dialect, LONGEST_RECORD, LineEnd, MOST_COLUMNS, ReadError, Record, RecordProblem, RecordReader,
};
use std::collections::HashSet;
use std::io::Read;

use crate::diagnostic::Span;
use crate::model::TextEncoding;
use crate::rows::formats::encoding::{TextWindow, set_text};
use crate::rows::result_columns::result_columns_start;

/// The most result columns that a row file may have beside its own columns.
const MOST_RESULT_COLUMNS: usize = 1_024;

/// The delimiters that are detected from a header, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads CSV, or any text with a one-byte delimiter.
pub(in crate::rows::formats) struct CsvReader<R> {
    window: TextWindow<R>,
    line: usize,
    number: u64,
    delimiter: u8,
    line_end: Option<LineEnd>,
    header_line: usize,
    heads: Vec<String>,
    dialect: Dialect,
}

/// Why a cell ended.
enum CellEnd {
    Delimiter,
    LineEnd(usize),
    End,
}

/// The extent of a record that was found and not consumed yet.
struct RecordExtent {
    cells: Vec<CellSpan>,
    length: usize,
    end_length: usize,
    problem: Option<RecordProblem>,
}

impl<R: Read> CsvReader<R> {
    /// Opens a file: detects its dialect and reads its header. `expected` are names that the header should hold; they
    /// decide the delimiter if it is not given.
    ///
    /// # Errors
    ///
    /// The file is empty, its header is malformed, or it cannot be read.
    pub(in crate::rows::formats) fn open(
        window: TextWindow<R>,
        expected: &[&str],
        delimiter: Option<char>,
    ) -> Result<Self, ReadError> {
        let mut this = Self {
            window,
            line: 1,
            number: 1,
            delimiter: delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b','),
            line_end: None,
            header_line: 1,
            heads: Vec::new(),
            dialect: Dialect::default(),
        };
        this.dialect.bom = this.window.has_mark();
        this.skip_blank_lines()?;
        this.refuse_instruction()?;
        if delimiter.is_none() {
            this.delimiter = sniffed(&mut this, expected);
        }
        this.read_header()?;
        Ok(this)
    }

    /// Sets how many of the last columns hold results of earlier runs.
    pub(in crate::rows::formats) fn with_taken(mut self, taken: usize) -> Self {
        self.dialect.taken = taken;
        self
    }

    fn read_header(&mut self) -> Result<(), ReadError> {
        let mut record = Record::default();
        if !self.take(&mut record)? {
            return Err(problems::empty_file());
        }
        if let Some(problem) = &record.problem {
            return Err(problems::bad_header(&record, problem));
        }
        let cells = 0..record.cells.len();
        self.heads = cells.map(|index| record.cell(index).unwrap_or_default().trim().to_owned()).collect();
        self.header_line = record.line;
        let columns = match result_columns_start(&self.heads) {
            Some(own) => {
                record.unescape_formulas(own);
                for (at, head) in self.heads.iter_mut().enumerate().take(own) {
                    record.cell(at).unwrap_or_default().trim().clone_into(head);
                }
                own
            }
            None => self.heads.len(),
        };
        if columns > MOST_COLUMNS {
            return Err(problems::too_many_columns(record.line));
        }
        self.dialect.delimiter = char::from(self.delimiter);
        self.dialect.quoted = record.cells.iter().all(|cell| cell.quoted);
        self.dialect.line_end = self.line_end.unwrap_or_default();
        let raw = record.raw(columns);
        self.dialect.encoding = record.encoding;
        self.dialect.header = record.encoding.decode(&raw).into_owned();
        self.dialect.header_bytes = (record.encoding != TextEncoding::Utf8).then(|| raw.to_vec());
        self.dialect.columns = columns;
        Ok(())
    }

    /// The header as it reads with a delimiter. Nothing is consumed.
    fn heads_under(&mut self, delimiter: u8) -> Result<Option<CandidateHeader>, ReadError> {
        let Some(scan) = self.scan(delimiter, Vec::new())? else { return Ok(None) };
        let text = String::from_utf8_lossy(&self.window.bytes()[..scan.length]);
        let names = scan.cells.iter().map(|cell| cell.text(&text).into_owned()).collect();
        Ok(Some(CandidateHeader { sound: scan.problem.is_none(), names }))
    }

    /// Refuses a line `sep=;` ahead of the header.
    fn refuse_instruction(&mut self) -> Result<(), ReadError> {
        self.window.byte(5)?;
        let line = self.window.bytes().get(..6).unwrap_or(self.window.bytes());
        let named = line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"sep="));
        let ends = line.get(5).is_none_or(|byte| matches!(byte, b'\r' | b'\n'));
        if named && ends { Err(problems::instruction(line, self.line)) } else { Ok(()) }
    }

    fn skip_blank_lines(&mut self) -> Result<(), ReadError> {
        loop {
            let length = match self.window.byte(0)? {
                Some(b'\n') => 1,
                Some(b'\r') if self.window.byte(1)? == Some(b'\n') => 2,
                Some(b'\r') if self.line_end.is_none_or(|end| end == LineEnd::Cr) => 1,
                _ => return Ok(()),
            };
            self.window.advance(length);
            self.line += 1;
            self.number += 1;
        }
    }

    /// Finds the next record without consuming it; `None` at the end. `cells` is reused for its cells.
    fn scan(&mut self, delimiter: u8, mut cells: Vec<CellSpan>) -> Result<Option<RecordExtent>, ReadError> {
        if self.window.byte(0)?.is_none() {
            return Ok(None);
        }
        cells.clear();
        let mut scan = RecordExtent { cells, length: 0, end_length: 0, problem: None };
        loop {
            let stop = match self.window.byte(scan.length)? {
                Some(b'"') => self.scan_quoted(&mut scan, delimiter)?,
                _ => self.scan_plain(&mut scan, delimiter)?,
            };
            if scan.cells.len() > MOST_COLUMNS + MOST_RESULT_COLUMNS {
                return Err(problems::too_many_columns(self.line));
            }
            match stop {
                CellEnd::Delimiter => scan.length += 1,
                CellEnd::LineEnd(length) => {
                    scan.end_length = length;
                    return Ok(Some(scan));
                }
                CellEnd::End => return Ok(Some(scan)),
            }
        }
    }

    /// Scans a cell that opens with a quote at `scan.length`.
    fn scan_quoted(&mut self, scan: &mut RecordExtent, delimiter: u8) -> Result<CellEnd, ReadError> {
        let opened = scan.length;
        let mut cell = CellSpan { start: opened + 1, end: opened + 1, quoted: true, escaped: false };
        loop {
            cell.end = self.find(cell.end, opened, |byte| byte == b'"')?;
            if self.window.byte(cell.end)?.is_none() {
                return Err(problems::unclosed(self.window.bytes(), opened, self.line));
            }
            if self.window.byte(cell.end + 1)? != Some(b'"') {
                break;
            }
            cell.escaped = true;
            cell.end += 2;
        }
        scan.cells.push(cell);
        scan.length = cell.end + 1;
        if let Some(stop) = self.stop_at(scan.length, delimiter)? {
            return Ok(stop);
        }
        scan.problem.get_or_insert_with(|| problems::after_quote(Span::new(opened, cell.end + 2)));
        self.scan_rest(scan, delimiter)
    }

    /// Scans a cell without quotes from `scan.length` on.
    fn scan_plain(&mut self, scan: &mut RecordExtent, delimiter: u8) -> Result<CellEnd, ReadError> {
        let start = scan.length;
        let stop = self.scan_rest(scan, delimiter)?;
        let inner = &self.window.bytes()[start..scan.length];
        if inner.first() == Some(&b' ') && inner.trim_ascii_start().first() == Some(&b'"') {
            scan.problem.get_or_insert_with(|| problems::space_before_quote(Span::new(start, scan.length)));
        }
        scan.cells.push(CellSpan::plain(start, scan.length));
        Ok(stop)
    }

    /// Moves `scan.length` to where the cell ends.
    fn scan_rest(&mut self, scan: &mut RecordExtent, delimiter: u8) -> Result<CellEnd, ReadError> {
        let from = scan.length;
        loop {
            let here = |byte| byte == delimiter || byte == b'\n' || byte == b'\r';
            scan.length = self.find(scan.length, from, here)?;
            if let Some(stop) = self.stop_at(scan.length, delimiter)? {
                return Ok(stop);
            }
            // Only a lone carriage return is found here and does not end the cell.
            let at = scan.length;
            scan.problem.get_or_insert_with(|| problems::lone_return(Span::new(from, at)));
            scan.length += 1;
        }
    }

    /// The place of the first wanted byte from `at` on, or of the end. `opened` is where the cell starts.
    fn find(&mut self, at: usize, opened: usize, wanted: impl Fn(u8) -> bool) -> Result<usize, ReadError> {
        let found = self.window.find(at, LONGEST_RECORD, wanted)?;
        found.ok_or_else(|| ReadError::too_long(self.window.bytes(), opened, self.line))
    }

    fn stop_at(&mut self, at: usize, delimiter: u8) -> Result<Option<CellEnd>, ReadError> {
        Ok(match self.window.byte(at)? {
            None => Some(CellEnd::End),
            Some(byte) if byte == delimiter => Some(CellEnd::Delimiter),
            Some(b'\n') => Some(CellEnd::LineEnd(1)),
            Some(b'\r') => match self.window.byte(at + 1)? {
                Some(b'\n') => Some(CellEnd::LineEnd(2)),
                Some(_) if self.line_end.is_some_and(|end| end != LineEnd::Cr) => None,
                _ => Some(CellEnd::LineEnd(1)),
            },
            Some(_) => None,
        })
    }

    /// Consumes the next record; `false` at the end.
    fn take(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        self.skip_blank_lines()?;
        let cells = std::mem::take(&mut record.cells);
        let Some(scan) = self.scan(self.delimiter, cells)? else { return Ok(false) };
        record.line = self.line;
        record.number = self.number;
        record.problem = scan.problem;
        record.cells = scan.cells;
        set_text(record, &self.window, scan.length);
        let bytes = self.window.bytes();
        if self.line_end.is_none() {
            self.line_end = line_end(&bytes[scan.length..scan.length + scan.end_length]);
        }
        let break_byte = if self.line_end == Some(LineEnd::Cr) { b'\r' } else { b'\n' };
        self.line += bytes[..scan.length].iter().filter(|&&byte| byte == break_byte).count() + 1;
        self.number += 1;
        self.window.advance(scan.length + scan.end_length);
        Ok(true)
    }
}

fn line_end(bytes: &[u8]) -> Option<LineEnd> {
    match bytes {
        b"\r\n" => Some(LineEnd::CrLf),
        b"\r" => Some(LineEnd::Cr),
        b"\n" => Some(LineEnd::Lf),
        _ => None,
    }
}

/// The delimiter with which the header holds most expected names; then one that reads well formed, with most cells.
fn sniffed<R: Read>(reader: &mut CsvReader<R>, expected: &[&str]) -> u8 {
    let mut best = (DELIMITERS[0], (0, false, 0));
    for candidate in DELIMITERS {
        let Ok(Some(heads)) = reader.heads_under(candidate) else { continue };
        let names: HashSet<&str> = heads.names.iter().map(|name| name.trim()).collect();
        let found = expected.iter().filter(|name| names.contains(*name)).count();
        let score = (found, heads.sound, names.len());
        // Every wrong delimiter gives a single unexpected cell.
        if score > best.1 && (found > 0 || names.len() > 1) {
            best = (candidate, score);
        }
    }
    best.0
}

/// A header as it reads with one delimiter.
struct CandidateHeader {
    /// Whether it is well formed.
    sound: bool,
    /// Its names.
    names: Vec<String>,
}

impl<R: Read + Send> RecordReader for CsvReader<R> {
    fn heads(&self) -> &[String] {
        &self.heads
    }

    fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn keep_escaping(&mut self) {
        self.dialect.converted = true;
    }

    fn header_line(&self) -> usize {
        self.header_line
    }

    fn detected_encoding(&self) -> Option<TextEncoding> {
        self.window.is_detected().then(|| self.window.encoding())
    }

    fn take_source(&mut self) -> Option<Vec<u8>> {
        Some(self.window.take_source())
    }

    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let read = self.take(record)?;
        // After much ASCII, the encoding may be known only now.
        self.dialect.encoding = self.window.encoding();
        Ok(read)
    }
}
