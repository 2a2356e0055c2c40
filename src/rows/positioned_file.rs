//! Reads and writes at a position of a file, on every platform.

use std::fs::File;
use std::io::{self, ErrorKind};

/// Access to a file at a position. Other users of the file must not rely on its cursor.
pub(in crate::rows) trait PositionedFile {
    /// Reads up to the length of `into` at a position; 0 at the end of the file.
    ///
    /// # Errors
    /// The [`io::Error`] of the file.
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize>;

    /// Writes all of `bytes` at a position.
    ///
    /// # Errors
    /// The [`io::Error`] of the file.
    fn write_all_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;

    /// Fills `into` from a position on.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedEof`] where the file ends before; the [`io::Error`] of the file.
    fn read_exact_at(&self, mut into: &mut [u8], mut at: u64) -> io::Result<()> {
        while !into.is_empty() {
            match self.read_at(into, at) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => (into, at) = (&mut into[read..], at + read as u64),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
impl PositionedFile for File {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, into, at)
    }

    fn write_all_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(self, bytes, at)
    }
}

#[cfg(not(unix))]
impl PositionedFile for File {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = self;
        file.seek(SeekFrom::Start(at))?;
        file.read(into)
    }

    fn write_all_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        use std::io::{Seek, SeekFrom, Write};
        let mut file = self;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }
}
