//! Whether a path still leads to the file that was opened. A file that was unlinked still takes writes, but they are lost.

use std::fs::{Metadata, metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A path and the device and inode that it led to when it was opened.
#[derive(Debug)]
pub(in crate::io::journal) struct FileIdentity {
    path: PathBuf,
    identity: (u64, u64),
}

fn identity(about: &Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

impl FileIdentity {
    /// Remembers the file that `path` leads to now.
    pub(in crate::io::journal) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(&metadata(path)?) })
    }

    /// The path.
    pub(in crate::io::journal) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the path still leads to that file.
    pub(in crate::io::journal) fn still_holds(&self) -> bool {
        metadata(&self.path).is_ok_and(|about| identity(&about) == self.identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_or_replaced_file_is_not_the_one_that_was_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "a").unwrap();
        let place = FileIdentity::of(&path).unwrap();
        std::fs::write(&path, "b").unwrap();
        assert!(place.still_holds());
        let away = folder.path().join("away");
        std::fs::rename(&path, &away).unwrap();
        assert!(!place.still_holds());
        std::fs::write(&path, "a").unwrap();
        assert!(!place.still_holds());
        std::fs::rename(&away, &path).unwrap();
        assert!(place.still_holds());
    }
}
