//! A workbook's ZIP archive, kept on disk; its parts are inflated piece by piece within bounds.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::problems;
use crate::rows::formats::unsupported;
use crate::rows::record::ReadError;

/// The largest workbook, in bytes.
const MOST_BYTES: u64 = 1 << 30;
/// The most parts in a workbook.
const MOST_PARTS: usize = 10_000;
/// The most bytes read to find the parts, because their table is held in memory.
const MOST_TABLE_BYTES: u64 = 4 << 20;
/// The most inflated bytes of all parts together: a full sheet of ids and names.
const MOST_INFLATED: u64 = 4 << 30;

/// A workbook's archive.
pub(super) struct Package {
    file: Arc<File>,
    archive: ZipArchive<Metered>,
    left: Arc<AtomicU64>,
}

/// A part of the archive.
#[derive(Clone)]
pub(super) struct Part {
    file: Arc<File>,
    start: u64,
    length: u64,
    deflated: bool,
    /// How many more inflated bytes the workbook may give.
    left: Arc<AtomicU64>,
}

impl Package {
    /// Copies the bytes to a scratch file, because the archive's table is at its end.
    ///
    /// # Errors
    ///
    /// The workbook is too large, damaged, or cannot be read.
    pub(super) fn open(input: impl Read) -> Result<Self, ReadError> {
        let wrong = |error: io::Error| problems::damaged(error);
        let mut file = tempfile::tempfile().map_err(wrong)?;
        let length = io::copy(&mut input.take(MOST_BYTES + 1), &mut file).map_err(wrong)?;
        if length > MOST_BYTES {
            return Err(problems::too_large(&format!("it is larger than {} MiB", MOST_BYTES >> 20)));
        }
        let table = Arc::new(AtomicU64::new(MOST_TABLE_BYTES));
        let metered = Metered { file: file.try_clone().map_err(wrong)?, left: Arc::clone(&table) };
        let archive = ZipArchive::new(metered);
        if table.swap(u64::MAX, Ordering::Relaxed) == 0 || archive.as_ref().is_ok_and(|all| all.len() > MOST_PARTS) {
            return Err(problems::too_large(&format!(
                "it has more than {MOST_PARTS} parts, or a broken table of them"
            )));
        }
        let archive = archive.map_err(|error| problems::damaged(format!("it is damaged or was cut off ({error})")))?;
        if archive.has_duplicate_names() {
            return Err(problems::damaged("two of its parts have the same name"));
        }
        Ok(Self { file: Arc::new(file), archive, left: Arc::new(AtomicU64::new(MOST_INFLATED)) })
    }

    /// The error for an archive that is no supported workbook.
    pub(super) fn refusal(&self) -> ReadError {
        let whole = Slice { file: Arc::clone(&self.file), at: 0, end: u64::MAX };
        unsupported::refusal("xlsx", whole)
    }

    /// A part by its name; `None` if there is no such part.
    ///
    /// # Errors
    ///
    /// The part is encrypted or damaged.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part>, ReadError> {
        let Some(index) = self.index(name.trim_start_matches('/')) else { return Ok(None) };
        let part = self.archive.by_index_raw(index).map_err(problems::damaged)?;
        if part.encrypted() {
            return Err(problems::encrypted());
        }
        let deflated = match part.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => return Err(problems::damaged(format!("its part `{name}` is packed as {other:?}"))),
        };
        let start = part.data_start().ok_or_else(|| problems::damaged("a part has no place"))?;
        let (file, left) = (Arc::clone(&self.file), Arc::clone(&self.left));
        Ok(Some(Part { file, start, length: part.compressed_size(), deflated, left }))
    }

    /// The index of a part. Names ignore case, and `\` equals `/`.
    fn index(&self, name: &str) -> Option<usize> {
        let is = |other: &[u8]| {
            let folded = other.iter().map(|byte| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() });
            other.len() == name.len() && folded.eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
        };
        self.archive.index_for_name(name).or_else(|| self.archive.file_names_raw().position(is))
    }
}

impl Part {
    /// Reads its inflated bytes.
    pub(super) fn open(&self) -> BufReader<Box<dyn Read + Send>> {
        let slice = Slice { file: Arc::clone(&self.file), at: self.start, end: self.start.saturating_add(self.length) };
        let left = Arc::clone(&self.left);
        BufReader::new(match self.deflated {
            true => Box::new(Inflated { input: DeflateDecoder::new(slice), left }),
            false => Box::new(Inflated { input: slice, left }),
        })
    }
}

/// Reads its input, and fails once the workbook's parts have given more bytes than allowed.
struct Inflated<R> {
    input: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        spend(&self.left, read).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("its parts have more than {} GiB when they are uncompressed", MOST_INFLATED >> 30),
            )
        })
    }
}

/// The archive's file, of which a limited number of bytes may be read.
struct Metered {
    file: File,
    left: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        spend(&self.left, read).ok_or_else(|| io::Error::other("the table of its parts is too long"))
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Subtracts bytes from what is left; `None` if there are not enough, and from then on.
fn spend(left: &AtomicU64, bytes: usize) -> Option<usize> {
    let taken = |left: u64| Some(left.saturating_sub(bytes as u64));
    let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).unwrap_or_default();
    (before > bytes as u64 || bytes == 0).then_some(bytes)
}

/// A range of the file.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_share_one_limit_of_inflated_bytes() {
        let left = Arc::new(AtomicU64::new(10));
        let part = |bytes: &'static [u8]| Inflated { input: bytes, left: Arc::clone(&left) };
        let mut into = [0; 6];
        assert_eq!(part(b"first.").read(&mut into).ok(), Some(6));
        assert!(part(b"second").read(&mut into).is_err(), "twelve bytes of ten");
        assert!(part(b"x").read(&mut into).is_err(), "and none behind them");
    }
}
