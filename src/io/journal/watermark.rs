//! How far a journal was synced, told by a file beside it: what it says was once on the disk must still be there.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::io::private_file;

/// The mark. It is written after each sync and not synced itself, so it is never too high.
#[derive(Debug)]
pub(super) struct Watermark {
    file: File,
}

fn beside(journal: &Path) -> PathBuf {
    journal.with_extension("synced")
}

impl Watermark {
    /// Opens or makes the mark of a journal.
    pub(super) fn open(journal: &Path) -> io::Result<Self> {
        Ok(Self { file: private_file(&beside(journal))? })
    }

    /// All entries up to `seq` are on the disk.
    pub(super) fn set(&self, seq: u64) -> io::Result<()> {
        // Always as long, so that it needs no room on a disk that is full by then.
        self.file.write_all_at(format!("{seq:020}\n").as_bytes(), 0)
    }

    /// The mark of a journal; 0 where there is none or it cannot be read.
    pub(super) fn read(journal: &Path) -> u64 {
        let text = std::fs::read_to_string(beside(journal)).unwrap_or_default();
        let whole = text.strip_suffix('\n').filter(|digits| digits.len() == 20);
        whole.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_a_spoilt_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        assert_eq!(Watermark::read(&journal), 0);
        let mark = Watermark::open(&journal).unwrap();
        mark.set(812).unwrap();
        mark.set(7).unwrap();
        assert_eq!(Watermark::read(&journal), 7);
        for spoilt in ["", "7\n", "0000000000000000000x\n", "00000000000000000007"] {
            std::fs::write(beside(&journal), spoilt).unwrap();
            assert_eq!(Watermark::read(&journal), 0, "{spoilt:?}");
        }
    }
}
