//! Reads a small regular file whole, without ever waiting.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;

/// Why a small file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileError {
    /// The operating system refused to open or read it.
    #[error("could not be read: {0}")]
    System(#[from] io::Error),
    /// The path is a folder.
    #[error("is a folder")]
    Folder,
    /// The path is a pipe, a socket or a device, on which a read could block for ever.
    #[error("is not a regular file but a pipe, a socket or a device")]
    Special,
    /// The file is larger than this many bytes.
    #[error("is larger than {} KiB", .0 / 1024)]
    TooLarge(usize),
}

/// Reads a regular file of at most `max_bytes` bytes.
///
/// # Errors
/// [`SmallFileError::Folder`], [`SmallFileError::Special`] or [`SmallFileError::TooLarge`] for what is not such a file;
/// [`SmallFileError::System`] if it cannot be opened or read.
pub fn read_small(path: &Path, max_bytes: usize) -> Result<Vec<u8>, SmallFileError> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        // Opening a pipe without a writer would block.
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.cast_signed());
    }
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(SmallFileError::Folder);
    }
    if !kind.is_file() {
        return Err(SmallFileError::Special);
    }
    let mut bytes = Vec::new();
    file.take(max_bytes as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max_bytes {
        return Err(SmallFileError::TooLarge(max_bytes));
    }
    Ok(bytes)
}
