//! Reads JSON Lines and JSON arrays with one row in memory. The columns are the first row's members and the declared
//! ones.

use std::io::Read;

use super::array::ArrayCursor;
use super::members::set_cells;
use super::problems;
use super::scan::members;
use crate::model::TextEncoding;
use crate::rows::formats::encoding::{TextWindow, set_text};
use crate::rows::record::{Dialect, LONGEST_RECORD, LineEnd, MOST_COLUMNS, ReadError, Record, RecordReader, RowFormat};
use crate::rows::result_columns::{COLUMNS, ResultColumn, result_columns_start};

/// How the file arranges its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows::formats) enum JsonLayout {
    /// One object a line.
    Lines,
    /// The elements of one array.
    Array,
}

/// Reads JSON rows.
pub(in crate::rows::formats) struct JsonReader<R> {
    window: TextWindow<R>,
    shape: JsonLayout,
    array: ArrayCursor,
    number: u64,
    heads: Vec<String>,
    strict: bool,
    dialect: Dialect,
    header_line: usize,
    line_end: Option<LineEnd>,
    /// The first row, which was read for its columns.
    first: Option<Record>,
}

impl<R: Read> JsonReader<R> {
    /// Opens a file. `declared` adds columns to the first row's; `heads` replaces both, if all columns are known.
    ///
    /// # Errors
    ///
    /// The file has no rows, its first row is malformed, or it cannot be read.
    pub(in crate::rows::formats) fn open(
        mut window: TextWindow<R>,
        shape: JsonLayout,
        declared: &[&str],
        heads: Option<Vec<String>>,
    ) -> Result<Self, ReadError> {
        if shape == JsonLayout::Array {
            window.forget_bytes();
        }
        let mut this = Self {
            window,
            shape,
            array: ArrayCursor::new(),
            number: 0,
            heads: heads.unwrap_or_default(),
            strict: false,
            dialect: Dialect { format: RowFormat::JsonLines, ..Dialect::default() },
            header_line: 1,
            line_end: None,
            first: None,
        };
        let mut first = Record::default();
        if !this.take(&mut first)? {
            return Err(problems::no_rows());
        }
        if this.heads.is_empty() {
            this.heads = heads_of(&first, declared)?;
        }
        this.header_line = first.line;
        this.describe();
        this.first = Some(first);
        Ok(this)
    }

    /// Reports unknown members behind `_run` too, for files that a person has filled in.
    pub(in crate::rows::formats) fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    fn describe(&mut self) {
        for needed in [ResultColumn::Run.as_str(), ResultColumn::Outcome.as_str()] {
            if !self.heads.iter().any(|head| head == needed) {
                self.heads.push(needed.to_owned());
            }
        }
        let columns = result_columns_start(&self.heads).unwrap_or(self.heads.len());
        let lines = self.shape == JsonLayout::Lines;
        self.dialect.columns = columns;
        self.dialect.header = serde_json::to_string(&self.heads[..columns]).unwrap_or_default();
        self.dialect.bom = lines && self.window.has_mark();
        self.dialect.line_end = self.line_end.unwrap_or_default();
        self.dialect.encoding = if lines { self.window.encoding() } else { TextEncoding::Utf8 };
    }

    /// Reads the next row's text; `false` at the end.
    fn take(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        record.problem = None;
        let taken = match self.shape {
            JsonLayout::Lines => self.take_line(record)?,
            JsonLayout::Array => self.take_element(record)?,
        };
        if taken && self.shape == JsonLayout::Array {
            // Elements become UTF-8, unless the file's own bytes are wanted.
            let own =
                Some(self.window.encoding()).filter(|own| self.window.keeps_source() && *own != TextEncoding::Utf8);
            record.bytes = own.map(|own| own.encode(&record.text).into_owned().into());
            record.encoding = own.unwrap_or_default();
        }
        Ok(taken)
    }

    fn take_line(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        loop {
            let found = self.window.find(0, LONGEST_RECORD, |byte| byte == b'\n')?;
            let end = found.ok_or_else(|| ReadError::too_long(self.window.bytes(), 0, self.array.line))?;
            let line = &self.window.bytes()[..end];
            let is_last = self.window.bytes().len() == end;
            if is_last && line.is_empty() {
                return Ok(false);
            }
            let length = end - usize::from(line.ends_with(b"\r"));
            let blank = line.trim_ascii().is_empty();
            if !blank {
                set_text(record, &self.window, length);
                (record.line, record.number) = (self.array.line, self.array.line as u64);
                let crlf = length < end;
                self.line_end.get_or_insert(if crlf { LineEnd::CrLf } else { LineEnd::Lf });
            }
            self.window.advance(end + usize::from(!is_last));
            self.array.line += 1;
            if !blank {
                return Ok(true);
            }
        }
    }

    fn take_element(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let Some(length) = self.array.next(&mut self.window)? else { return Ok(false) };
        set_text(record, &self.window, length);
        self.number += 1;
        (record.line, record.number, record.indent) = (self.array.line, self.number, self.array.column);
        self.array.pass(&mut self.window, length);
        Ok(true)
    }
}

/// The columns: the first row's members, declared ones that it lacks, then result columns.
fn heads_of(first: &Record, declared: &[&str]) -> Result<Vec<String>, ReadError> {
    if let Some(problem) = &first.problem {
        return Err(problems::bad_first(problem, &first.text, first.line));
    }
    let members = members(&first.text)
        .map_err(|wrong| problems::bad_first(&problems::not_an_object(wrong), &first.text, first.line))?;
    if members.len() > MOST_COLUMNS {
        return Err(problems::too_many_members(first.line, MOST_COLUMNS));
    }
    let noted = members.iter().rfind(|member| member.key == COLUMNS).map(|member| member.span);
    let noted = noted.and_then(|span| serde_json::from_str(&first.text[span.start..span.end]).ok());
    let mut heads: Vec<String> = members.into_iter().map(|member| member.key).collect();
    let own = result_columns_start(&heads).unwrap_or(heads.len());
    let ours = heads.split_off(own);
    let noted: Vec<String> = noted.filter(|_| !ours.is_empty()).unwrap_or_default();
    for name in noted {
        if !heads.contains(&name) {
            heads.push(name);
        }
    }
    for name in declared {
        let known = heads.iter().chain(&ours).any(|head| head == name);
        if !known {
            heads.push((*name).to_owned());
        }
    }
    heads.extend(ours);
    Ok(heads)
}

impl<R: Read + Send> RecordReader for JsonReader<R> {
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
        self.window.is_detected().then(|| self.window.encoding())
    }

    fn take_source(&mut self) -> Option<Vec<u8>> {
        Some(self.window.take_source())
    }

    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let read = match self.first.take() {
            Some(first) => {
                *record = first;
                true
            }
            None => self.take(record)?,
        };
        if self.shape == JsonLayout::Lines {
            self.dialect.encoding = self.window.encoding();
        }
        if read {
            set_cells(record, &self.heads, self.strict);
        }
        Ok(read)
    }
}
