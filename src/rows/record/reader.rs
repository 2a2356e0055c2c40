//! What reads the records of a file, whatever its format.

use super::cells::Record;
use super::dialect::Dialect;
use super::problem::ReadError;
use crate::diagnostic::Diagnostic;
use crate::model::TextEncoding;

/// What reads records from a kind of file. A new kind is one file with one implementation.
pub(in crate::rows) trait Reader: Send {
    /// The names in the header, without spaces around them; `_run` and what stands right of it included.
    fn heads(&self) -> &[String];
    /// How the file is written.
    fn dialect(&self) -> &Dialect;
    /// Says that its rows held texts that would run in a spreadsheet, so that row files hold them too.
    fn keep_escaping(&mut self) {}
    /// The line of the file on which the header starts, from 1.
    fn header_line(&self) -> usize;
    /// The encoding, where it was told from the bytes and not declared; it may change once from UTF-8 to another.
    fn detected_encoding(&self) -> Option<TextEncoding>;
    /// What is to be said of the file once it is read.
    fn remarks(&self, _file: &str) -> Option<Diagnostic> {
        None
    }
    /// The file's own bytes that were read since this was last asked, where its input wanted them kept; none of a file
    /// whose records are not its own text.
    fn trail(&mut self) -> Option<Vec<u8>> {
        None
    }
    /// Reads the next record into `record`; false at the end.
    fn read(&mut self, record: &mut Record) -> Result<bool, ReadError>;
}
