//! The row file of an earlier run once more, as its journal kept it: the header and the rows that are taken.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::io::journal::Reader;
use crate::rows::{Dialect, RowFormat};

/// The text, made row by row.
pub struct KeptText {
    reader: Reader,
    chosen: VecDeque<u64>,
    line_end: Vec<u8>,
    buffer: Vec<u8>,
    at: usize,
}

impl KeptText {
    /// The text of these rows.
    #[must_use]
    pub fn new(reader: Reader, chosen: VecDeque<u64>, dialect: &Dialect) -> Self {
        let line_end = dialect.encoding.encode(dialect.line_end.as_str()).into_owned();
        let mut buffer = Vec::new();
        if dialect.format == RowFormat::Csv {
            buffer.extend_from_slice(&dialect.own_header());
            buffer.extend_from_slice(&line_end);
        }
        Self { reader, chosen, line_end, buffer, at: 0 }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.at = 0;
        if let Some(position) = self.chosen.pop_front() {
            let row = self.reader.row(position).map_err(io::Error::other)?;
            self.buffer.extend_from_slice(&row.map(|row| row.raw).unwrap_or_default());
            self.buffer.extend_from_slice(&self.line_end);
        }
        Ok(())
    }
}

impl Read for KeptText {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.buffer.len() {
            self.fill()?;
        }
        let count = into.len().min(self.buffer.len() - self.at);
        into[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
