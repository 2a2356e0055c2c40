//! Files and folders that only their owner may read, and small files of a person's that are read whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Why a small file could not be read whole.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileError {
    /// The system refuses it.
    #[error("could not be read: {0}")]
    System(#[from] io::Error),
    /// It is a folder.
    #[error("is a folder")]
    Folder,
    /// It is a pipe, a socket or a device, at which a read may wait for ever.
    #[error("is no regular file but a pipe, a socket or a device")]
    Special,
    /// It is larger than anything of its kind.
    #[error("is larger than {} KiB", .0 / 1024)]
    TooLarge(usize),
}

/// Reads a regular file of at most `most` bytes. Never waits: a pipe or a device is refused.
///
/// # Errors
/// See [`SmallFileError`].
pub fn read_small(path: &Path, most: usize) -> Result<Vec<u8>, SmallFileError> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        // Opening a pipe that nobody writes to would wait.
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
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Err(SmallFileError::TooLarge(most));
    }
    Ok(bytes)
}

/// Makes a folder and those above it, readable by the owner alone.
///
/// # Errors
/// The system's, as it came.
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file for reading and writing, made where it is missing, readable by the owner alone.
///
/// # Errors
/// The system's, as it came.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file that is there anew: beside it, then renamed over it, with the rights that it had.
///
/// # Errors
/// The system's, as it came; the file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}
