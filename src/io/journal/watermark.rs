//! How far a journal was synced, told by a file beside it: what it says was once on the disk must still be there,
//! and of the same scopes.

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

/// What a mark says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// All entries up to this one are on the disk.
    pub(super) seq: u64,
    /// The trail of those entries; none in marks of older journals.
    pub(super) trail: Option<Trail>,
}

/// Which entries there are and whose: a sum in which every entry counts by its number and its scope, whatever the
/// order. It is told from the index alone, without reading what the entries say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Trail(u64);

impl Trail {
    /// The trail with one more entry.
    pub(super) fn with(self, seq: u64, scope: i64) -> Self {
        // A multiplication that spreads every bit, so that two changes do not cancel out.
        let mixed = (seq ^ scope.cast_unsigned().rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(self.0.wrapping_add((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)))
    }
}

fn beside(journal: &Path) -> PathBuf {
    journal.with_extension("synced")
}

impl Watermark {
    /// Opens or makes the mark of a journal.
    pub(super) fn open(journal: &Path) -> io::Result<Self> {
        Ok(Self { file: private_file(&beside(journal))? })
    }

    /// All entries up to `seq` are on the disk, and this is their trail.
    pub(super) fn set(&self, seq: u64, trail: Trail) -> io::Result<()> {
        // Always as long, so that it needs no room on a disk that is full by then.
        self.file.write_all_at(format!("{seq:020} {:016x}\n", trail.0).as_bytes(), 0)
    }

    /// The mark of a journal; of no entry where there is none or it cannot be read.
    pub(super) fn read(journal: &Path) -> Mark {
        let text = std::fs::read_to_string(beside(journal)).unwrap_or_default();
        Self::parse(&text).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Mark> {
        let line = text.strip_suffix('\n')?;
        let (seq, trail) = match line.split_once(' ') {
            Some((seq, trail)) if trail.len() == 16 => (seq, Some(Trail(u64::from_str_radix(trail, 16).ok()?))),
            Some(_) => return None,
            None => (line, None),
        };
        let seq = if seq.len() == 20 { seq.parse().ok()? } else { return None };
        Some(Mark { seq, trail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_a_spoilt_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        assert_eq!(Watermark::read(&journal), Mark::default());
        let mark = Watermark::open(&journal).unwrap();
        let trail = Trail::default().with(7, -1);
        mark.set(812, Trail::default()).unwrap();
        mark.set(7, trail).unwrap();
        assert_eq!(Watermark::read(&journal), Mark { seq: 7, trail: Some(trail) });
        std::fs::write(beside(&journal), "00000000000000000007\n").unwrap();
        assert_eq!(Watermark::read(&journal), Mark { seq: 7, trail: None }, "of an older journal");
        for spoilt in ["", "7\n", "0000000000000000000x\n", "00000000000000000007", "00000000000000000007 12\n"] {
            std::fs::write(beside(&journal), spoilt).unwrap();
            assert_eq!(Watermark::read(&journal), Mark::default(), "{spoilt:?}");
        }
    }

    #[test]
    fn a_trail_tells_entries_that_are_gone_or_of_another_scope() {
        let of = |entries: &[(u64, i64)]| {
            entries.iter().fold(Trail::default(), |trail, (seq, scope)| trail.with(*seq, *scope))
        };
        let whole = of(&[(1, -1), (2, 0), (3, 1), (4, 0)]);
        assert_eq!(whole, of(&[(2, 0), (4, 0), (3, 1), (1, -1)]), "the order is no matter");
        for other in
            [&[(1, -1), (2, 0), (3, 1)][..], &[(1, -1), (2, 1), (3, 0), (4, 0)], &[(1, -1), (2, 0), (3, 1), (4, 1)]]
        {
            assert_ne!(whole, of(other), "{other:?}");
        }
    }
}
