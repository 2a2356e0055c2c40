//! The row file of an earlier run, made again from its journal: the header and the chosen rows, optionally with their
//! results as further columns.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::io::journal::Reader;
use crate::journal::{Fact, FrozenRow};
use crate::model::StepScope;
use crate::rows::{Dialect, ResultAppender, RowFormat};

/// The text of such a file, made row by row.
pub struct EarlierRowText {
    reader: Reader,
    chosen: VecDeque<u64>,
    widened: Option<ResultAppender>,
    line_end: Vec<u8>,
    buffer: Vec<u8>,
    at: usize,
}

impl EarlierRowText {
    /// The text of the rows at these positions.
    #[must_use]
    pub fn new(reader: Reader, chosen: VecDeque<u64>, dialect: &Dialect) -> Self {
        let line_end = dialect.encoding.encode(dialect.line_end.as_str()).into_owned();
        let mut buffer = Vec::new();
        if dialect.bom {
            buffer.extend_from_slice(&dialect.encoding.encode("\u{feff}"));
        }
        if dialect.format == RowFormat::Csv {
            buffer.extend_from_slice(&dialect.own_header());
            buffer.extend_from_slice(&line_end);
        }
        Self { reader, chosen, widened: None, line_end, buffer, at: 0 }
    }

    /// The text of the rows at these positions, with their results as further columns.
    #[must_use]
    pub fn with_results(reader: Reader, chosen: VecDeque<u64>, widened: ResultAppender) -> Self {
        let text = Self::new(reader, chosen, widened.dialect());
        Self { widened: Some(widened), ..text }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.at = 0;
        let Some(position) = self.chosen.pop_front() else { return Ok(()) };
        let row = self.reader.row(position).map_err(io::Error::other)?;
        if let Some(row) = row {
            let bytes = self.row_bytes(&row)?;
            self.buffer.extend_from_slice(&bytes);
        }
        self.buffer.extend_from_slice(&self.line_end);
        Ok(())
    }

    fn row_bytes(&self, row: &FrozenRow) -> io::Result<Vec<u8>> {
        let Some(widened) = &self.widened else { return Ok(row.raw.to_vec()) };
        let facts = self.reader.facts(StepScope::Row(row.position)).map_err(io::Error::other)?;
        let last = facts.into_iter().rev().find_map(|(_, fact)| match fact {
            Fact::RowEnded(ended) => Some(ended.results),
            Fact::Intent(_)
            | Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_)
            | Fact::Began { .. }
            | Fact::Steered(_)
            | Fact::Stopped(_)
            | Fact::Finished => None,
        });
        Ok(widened.row(&row.raw, &last.unwrap_or_default()))
    }
}

impl Read for EarlierRowText {
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
