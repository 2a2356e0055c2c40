//! The trait that every format's reader implements.

use super::cells::Record;
use super::dialect::Dialect;
use super::problem::ReadError;
use crate::diagnostic::Diagnostic;
use crate::model::TextEncoding;

/// Reads the records of one file. A new format is a folder in `formats/` with one implementation.
pub(in crate::rows) trait RecordReader: Send {
    /// The names in the header, trimmed, including `_run` and the columns right of it.
    fn heads(&self) -> &[String];
    /// How the file is written.
    fn dialect(&self) -> &Dialect;
    /// Marks the dialect as one whose formulas must be escaped again, because this file had escaped ones.
    fn keep_escaping(&mut self) {}
    /// The line of the file on which the header starts, from 1.
    fn header_line(&self) -> usize;
    /// The encoding detected from the bytes; `None` where it was declared. It may change once, from UTF-8 to another.
    fn detected_encoding(&self) -> Option<TextEncoding>;
    /// A warning about the whole file, asked for at its end.
    fn remarks(&self, _file: &str) -> Option<Diagnostic> {
        None
    }
    /// Takes the file's bytes that were read since the last call, if the input asked to keep them. `None` for formats
    /// whose records are not the file's own text (workbooks).
    fn take_source(&mut self) -> Option<Vec<u8>> {
        None
    }
    /// Reads the next record into `record`; `false` at the end.
    ///
    /// # Errors
    /// The file cannot be read further. A malformed record is no error: it carries its problem.
    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError>;
}
