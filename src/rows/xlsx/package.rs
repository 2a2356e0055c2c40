//! The archive that a workbook is: on disk, its parts inflated piece by piece and within bounds.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::flaws;
use crate::rows::foreign;
use crate::rows::record::ReadError;

/// The largest workbook.
const MOST_BYTES: u64 = 1 << 30;
/// The most parts of one.
const MOST_PARTS: usize = 10_000;

/// A workbook's archive.
pub(super) struct Package {
    file: Arc<File>,
    archive: ZipArchive<File>,
}

/// A part of it.
#[derive(Clone)]
pub(super) struct Part {
    file: Arc<File>,
    start: u64,
    length: u64,
    deflated: bool,
}

impl Package {
    /// Takes the bytes into a scratch file, since the archive's table stands at their end.
    pub(super) fn open(input: impl Read) -> Result<Self, ReadError> {
        let wrong = |error: io::Error| flaws::damaged(error);
        let mut file = tempfile::tempfile().map_err(wrong)?;
        let length = io::copy(&mut input.take(MOST_BYTES + 1), &mut file).map_err(wrong)?;
        if length > MOST_BYTES {
            return Err(flaws::too_large(&format!("it is larger than {} MiB", MOST_BYTES >> 20)));
        }
        let archive = ZipArchive::new(file.try_clone().map_err(wrong)?)
            .map_err(|error| flaws::damaged(format!("it is damaged or was cut off ({error})")))?;
        if archive.len() > MOST_PARTS {
            return Err(flaws::too_large(&format!("it has more than {MOST_PARTS} parts")));
        }
        Ok(Self { file: Arc::new(file), archive })
    }

    /// Why it is no workbook that is read.
    pub(super) fn refusal(&self) -> ReadError {
        let whole = Slice { file: Arc::clone(&self.file), at: 0, end: u64::MAX };
        foreign::refusal("xlsx", whole)
    }

    /// A part by its name; none where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part>, ReadError> {
        let Some(index) = self.archive.index_for_name(name.trim_start_matches('/')) else { return Ok(None) };
        let part = self.archive.by_index_raw(index).map_err(flaws::damaged)?;
        if part.encrypted() {
            return Err(flaws::encrypted());
        }
        let deflated = match part.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => return Err(flaws::damaged(format!("its part `{name}` is packed as {other:?}"))),
        };
        let start = part.data_start().ok_or_else(|| flaws::damaged("a part has no place"))?;
        Ok(Some(Part { file: Arc::clone(&self.file), start, length: part.compressed_size(), deflated }))
    }
}

impl Part {
    /// Its bytes, inflated.
    pub(super) fn open(&self) -> BufReader<Box<dyn Read + Send>> {
        let slice = Slice { file: Arc::clone(&self.file), at: self.start, end: self.start.saturating_add(self.length) };
        BufReader::new(if self.deflated { Box::new(DeflateDecoder::new(slice)) } else { Box::new(slice) })
    }
}

/// A stretch of the file.
struct Slice {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Slice {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let most = into.len().min(left);
        let read = self.file.read_at(&mut into[..most], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
