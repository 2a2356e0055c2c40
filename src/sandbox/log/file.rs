//! The log file: each entry is written as one line at once, and read again to rebuild the state.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use super::entry::LogEntry;

/// The name of the log in a run's folder.
pub const LOG_FILE: &str = "sandbox.jsonl";

/// An open log.
#[derive(Debug)]
pub(in crate::sandbox) struct LogFile {
    file: File,
    path: PathBuf,
    length: u64,
}

impl LogFile {
    /// Opens or creates the log and gives each of its entries to `apply`, in order. An incomplete last
    /// line, left by a killed process, is dropped: its call was never answered.
    pub(in crate::sandbox) fn open(path: &Path, apply: impl FnMut(&LogEntry)) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).read(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let whole = replay(&file, path, apply)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        Ok(Self { file, path: path.to_owned(), length: whole })
    }

    /// Writes one entry as one line with one write; a line that cannot be written whole is removed again.
    pub(in crate::sandbox) fn append(&mut self, entry: &LogEntry) -> io::Result<()> {
        let line = line(entry)?;
        if let Err(reason) = self.file.write_all(&line) {
            self.file.set_len(self.length)?;
            return Err(reason);
        }
        self.length += line.len() as u64;
        Ok(())
    }

    /// The text of the whole log.
    pub(in crate::sandbox) fn read(&self) -> io::Result<Vec<u8>> {
        std::fs::read(&self.path)
    }
}

/// An entry as a line of the log.
fn line(entry: &LogEntry) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    Ok(line)
}

/// The most lines that a log in memory keeps.
const MAX_KEPT: usize = 200_000;

/// The store of entries: a file, or memory, where the oldest are dropped first.
#[derive(Debug)]
pub(in crate::sandbox) enum LogStore {
    File(LogFile),
    Memory(VecDeque<Vec<u8>>),
}

impl LogStore {
    pub(in crate::sandbox) fn append(&mut self, entry: &LogEntry) -> io::Result<()> {
        match self {
            Self::File(log) => log.append(entry),
            Self::Memory(lines) => {
                if lines.len() >= MAX_KEPT {
                    lines.pop_front();
                }
                lines.push_back(line(entry)?);
                Ok(())
            }
        }
    }

    pub(in crate::sandbox) fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::File(log) => log.read(),
            Self::Memory(lines) => Ok(lines.iter().flatten().copied().collect()),
        }
    }
}

/// Gives every complete line to `apply`; returns their length in bytes.
fn replay(file: &File, path: &Path, mut apply: impl FnMut(&LogEntry)) -> io::Result<u64> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut whole = 0;
    for number in 1.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 || line.last() != Some(&b'\n') {
            break;
        }
        let entry: LogEntry = serde_json::from_slice(&line).map_err(|reason| {
            let text = format!("{}: line {number} is not a line of a sandbox log: {reason}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, text)
        })?;
        apply(&entry);
        whole += read as u64;
    }
    Ok(whole)
}
