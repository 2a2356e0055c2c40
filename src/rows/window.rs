//! The part of a file that is in memory: from the start of the current record on, read further as it is asked for.

use std::io::{self, Read};

use super::flaws;
use super::record::ReadError;

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// A window on a file's bytes. Places are counted from the start of the current record.
pub(super) struct Window<R> {
    input: R,
    /// What was read last, before it joins `buffer`.
    chunk: Box<[u8]>,
    buffer: Vec<u8>,
    /// Where the current record starts in `buffer`.
    start: usize,
    at_end: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, chunk: vec![0; CHUNK].into(), buffer: Vec::new(), start: 0, at_end: false }
    }

    /// What is in memory of the current record and what follows it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Ends the current record; the next starts so far behind it.
    pub(super) fn advance(&mut self, length: usize) {
        self.start += length;
    }

    /// Reads more; false where there is no more.
    pub(super) fn fill(&mut self) -> Result<bool, ReadError> {
        if self.at_end {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let read = loop {
            match self.input.read(&mut self.chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| flaws::unreadable(&error))?,
            }
        };
        self.buffer.extend_from_slice(&self.chunk[..read]);
        self.at_end = read == 0;
        Ok(!self.at_end)
    }

    /// A byte, read if need be; `None` behind the end.
    pub(super) fn byte(&mut self, at: usize) -> Result<Option<u8>, ReadError> {
        loop {
            if let Some(&byte) = self.buffer.get(self.start + at) {
                return Ok(Some(byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The first byte from `at` on that is wanted, or the end; `None` where it lies behind `limit`.
    pub(super) fn find(
        &mut self,
        mut at: usize,
        limit: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> Result<Option<usize>, ReadError> {
        loop {
            let rest = self.buffer.get(self.start + at..).unwrap_or_default();
            match rest.iter().position(|&byte| wanted(byte)) {
                Some(found) => return Ok(Some(at + found)),
                None => at += rest.len(),
            }
            if at > limit {
                return Ok(None);
            }
            if !self.fill()? {
                return Ok(Some(at));
            }
        }
    }
}
