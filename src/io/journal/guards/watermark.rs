//! How far a journal was synced, recorded in another file: every entry up to there must still be in the journal, with
//! the same scope. The file lies with the run's mark, outside the run's folder, so that cutting, removing or replacing
//! the folder leaves it alone; for a journal without a mark it lies beside the journal.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::io::journal::format::checksum::of_pair;
use crate::io::marks::{MarkError, MarkFiles};
use crate::io::private_file;
use crate::model::Time;

/// The longest time between two syncs of the watermark. An unsynced watermark is lost only if the machine goes down.
pub(in crate::io::journal) const SYNC_EVERY: Duration = Duration::from_secs(1);

/// More bytes than the line of any watermark.
const LONGEST_LINE: usize = 256;

/// The open file. It is written after each sync of the journal, so it never names an entry that is not on the disk.
#[derive(Debug)]
pub(in crate::io::journal) struct Watermark {
    file: File,
    path: PathBuf,
    /// Whether the file lies with the run's mark and not beside the journal.
    with_mark: bool,
    /// When it was last synced; `None` if it never was.
    synced_at: Option<Instant>,
    /// Whether it was written since.
    unsynced: bool,
}

/// How far a journal has come, as its watermark records it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::io::journal) struct Progress {
    /// The number of the last synced entry; 0 if there is none.
    pub(in crate::io::journal) seq: u64,
    /// The hash of those entries; `None` in watermarks of older journals.
    pub(in crate::io::journal) entry_hash: Option<EntrySetHash>,
    /// The number of effects listed by then; `None` in watermarks of older journals.
    pub(in crate::io::journal) effects: Option<u32>,
    /// When the last entry was decided; `None` if nothing says so.
    pub(in crate::io::journal) at: Option<Time>,
}

/// A hash of the set of entries, each by its number and its scope, in any order. It can be computed from the index
/// alone, without reading the entries themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::io::journal) struct EntrySetHash(u64);

impl EntrySetHash {
    /// The hash with one more entry.
    pub(in crate::io::journal) fn with(self, seq: u64, scope: i64) -> Self {
        // A multiplication that spreads every bit, so that two changes do not cancel out.
        let mixed = (seq ^ scope.cast_unsigned().rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(self.0.wrapping_add((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)))
    }
}

/// The number of the last entry that is known to be on the disk, by the watermark; 0 if nothing is recorded.
///
/// # Errors
/// [`MarkError::Io`] if the watermark cannot be read; [`MarkError::Spoilt`] if it was cut or changed.
pub fn synced_entries(journal: &Path) -> Result<u64, MarkError> {
    Watermark::read(journal).map(|progress| progress.seq)
}

/// When the last entry that is known to be on the disk was decided, by the watermark; `None` if nothing says so.
#[must_use]
pub fn synced_at(journal: &Path) -> Option<Time> {
    Watermark::read(journal).ok()?.at
}

/// The path of a watermark that lies beside its journal.
fn path_beside(journal: &Path) -> PathBuf {
    journal.with_extension("synced")
}

/// The path of a journal's watermark, and whether that lies with the run's mark.
fn place(journal: &Path) -> (PathBuf, bool) {
    let with_mark = MarkFiles::of_journal(journal).map(|files| files.synced()).filter(|path| path.exists());
    with_mark.map_or_else(|| (path_beside(journal), false), |path| (path, true))
}

impl Watermark {
    /// Creates the watermark of a new journal: with the run's mark if the journal lies in a folder of runs, else beside
    /// the journal.
    pub(in crate::io::journal) fn create(journal: &Path) -> io::Result<Self> {
        let Some(files) = MarkFiles::of_journal(journal) else { return Self::open(journal) };
        files.make_folder()?;
        let mut mark = Self::open_file(files.synced(), true)?;
        mark.file.set_len(0)?;
        mark.write(&Progress::default())?;
        Ok(mark)
    }

    /// Replaces the watermark with one that records `progress`. The file is never without content in between.
    pub(in crate::io::journal) fn rewrite(journal: &Path, progress: &Progress) -> io::Result<Self> {
        let Some(files) = MarkFiles::of_journal(journal) else { return Self::open(journal) };
        files.make_folder()?;
        let path = files.synced();
        let mut mark = Self::open_file(path.with_extension("synced.new"), true)?;
        mark.set(progress)?;
        std::fs::rename(&mark.path, &path)?;
        files.sync_folder()?;
        Ok(Self { path, ..mark })
    }

    /// Opens the watermark of a journal whose run goes on.
    pub(in crate::io::journal) fn open(journal: &Path) -> io::Result<Self> {
        let (path, with_mark) = place(journal);
        Self::open_file(path, with_mark)
    }

    fn open_file(path: PathBuf, with_mark: bool) -> io::Result<Self> {
        Ok(Self { file: private_file(&path)?, path, with_mark, synced_at: None, unsynced: false })
    }

    /// Records how far the journal has come, and syncs that if a sync is due.
    pub(in crate::io::journal) fn set(&mut self, progress: &Progress) -> io::Result<()> {
        self.write(progress)?;
        if self.synced_at.is_none_or(|at| at.elapsed() >= SYNC_EVERY) { self.sync() } else { Ok(()) }
    }

    fn write(&mut self, progress: &Progress) -> io::Result<()> {
        // The line always has the same length, so that a full disk can still take it.
        self.file.write_all_at(line(progress, self.with_mark).as_bytes(), 0)?;
        self.unsynced = self.with_mark;
        Ok(())
    }

    /// Whether it was written since its last sync.
    pub(in crate::io::journal) fn is_unsynced(&self) -> bool {
        self.unsynced
    }

    /// Syncs the file if it was written since its last sync.
    pub(in crate::io::journal) fn sync(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.unsynced) {
            self.file.sync_data()?;
            self.synced_at = Some(Instant::now());
        }
        Ok(())
    }

    /// Reads how far a journal has come; the default if nothing is recorded.
    ///
    /// # Errors
    /// [`MarkError::Io`] if the file with the run's mark cannot be read; [`MarkError::Spoilt`] if it was cut or changed.
    pub(in crate::io::journal) fn read(journal: &Path) -> Result<Progress, MarkError> {
        let (path, with_mark) = place(journal);
        parsed(std::fs::read(&path), &path, with_mark)
    }

    /// As [`Watermark::read`], from the open file: a process that may open no more files can still read it.
    pub(in crate::io::journal) fn recorded(&self) -> Result<Progress, MarkError> {
        parsed(read_from_its_start(&self.file), &self.path, self.with_mark)
    }

    /// Writes the watermark of a journal beside a copy of the journal.
    pub(in crate::io::journal) fn copy_beside(progress: &Progress, copy: &Path) -> io::Result<()> {
        Self::open_file(path_beside(copy), false)?.write(progress)
    }
}

fn read_from_its_start(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; LONGEST_LINE];
    let mut filled = 0;
    while let some @ 1.. = file.read_at(&mut bytes[filled..], filled as u64)? {
        filled += some;
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// What the bytes of a watermark say. One beside its journal that is missing or spoilt counts as none.
fn parsed(bytes: io::Result<Vec<u8>>, path: &Path, with_mark: bool) -> Result<Progress, MarkError> {
    let shown = || path.display().to_string();
    let text = bytes.map(|bytes| String::from_utf8(bytes).ok());
    if !with_mark {
        return Ok(text.ok().flatten().as_deref().and_then(parse_old).unwrap_or_default());
    }
    let text = text.map_err(|error| MarkError::Io { path: shown(), error })?;
    text.as_deref().and_then(parse).ok_or_else(|| MarkError::Spoilt(shown()))
}

/// The file's one line.
fn line(progress: &Progress, with_mark: bool) -> String {
    let Progress { seq, entry_hash, effects, at } = *progress;
    let old = format!("{seq:020} {:016x}", entry_hash.unwrap_or_default().0);
    if !with_mark {
        return format!("{old}\n");
    }
    let (effects, at) = (effects.unwrap_or_default(), at.unwrap_or_default().as_micros().max(0));
    let said = format!("{old} {effects:010} {at:020}");
    let sum = of_pair("synced", &said).cast_unsigned();
    format!("{said} {sum:016x}\n")
}

fn parse(text: &str) -> Option<Progress> {
    let (said, sum) = text.strip_suffix('\n')?.rsplit_once(' ')?;
    if sum.len() != 16 || u64::from_str_radix(sum, 16).ok()? != of_pair("synced", said).cast_unsigned() {
        return None;
    }
    let parts: Vec<&str> = said.split(' ').collect();
    let [seq, entry_hash, effects, at] = parts.as_slice() else { return None };
    Some(Progress {
        seq: seq.parse().ok()?,
        entry_hash: Some(EntrySetHash(u64::from_str_radix(entry_hash, 16).ok()?)),
        effects: Some(effects.parse().ok()?),
        at: Some(Time::from_micros(at.parse().ok()?)),
    })
}

/// Reads the line of a watermark that lies beside its journal; it has no checksum.
fn parse_old(text: &str) -> Option<Progress> {
    let line = text.strip_suffix('\n')?;
    let (seq, entry_hash) = match line.split_once(' ') {
        Some((seq, entry_hash)) if entry_hash.len() == 16 => {
            (seq, Some(EntrySetHash(u64::from_str_radix(entry_hash, 16).ok()?)))
        }
        Some(_) => return None,
        None => (line, None),
    };
    let seq = if seq.len() == 20 { seq.parse().ok()? } else { return None };
    Some(Progress { seq, entry_hash, ..Progress::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(seq: u64) -> Progress {
        let entry_hash = Some(EntrySetHash::default().with(seq, -1));
        Progress { seq, entry_hash, effects: Some(3), at: Some(Time::from_secs(1_700_000_000)) }
    }

    #[test]
    fn a_watermark_beside_its_journal_is_read_back_and_a_spoilt_one_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        let read = || Watermark::read(&journal).unwrap();
        assert_eq!(read(), Progress::default());
        let mut mark = Watermark::create(&journal).unwrap();
        mark.set(&progress(812)).unwrap();
        mark.set(&progress(7)).unwrap();
        assert_eq!(read(), Progress { effects: None, at: None, ..progress(7) });
        std::fs::write(path_beside(&journal), "00000000000000000007\n").unwrap();
        assert_eq!(read(), Progress { seq: 7, ..Progress::default() }, "of an older journal");
        for spoilt in ["", "7\n", "0000000000000000000x\n", "00000000000000000007", "00000000000000000007 12\n"] {
            std::fs::write(path_beside(&journal), spoilt).unwrap();
            assert_eq!(read(), Progress::default(), "{spoilt:?}");
        }
    }

    #[test]
    fn a_watermark_with_the_mark_outlives_the_folder_and_every_change_of_it_is_found() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("runs/r-1");
        std::fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("journal.sqlite");
        let mut mark = Watermark::create(&journal).unwrap();
        assert_eq!(Watermark::read(&journal).unwrap().seq, 0);
        mark.set(&progress(812)).unwrap();
        assert_eq!(mark.recorded().unwrap(), progress(812));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(Watermark::read(&journal).unwrap(), progress(812));
        Watermark::open(&journal).unwrap().set(&progress(900)).unwrap();
        assert_eq!(Watermark::read(&journal).unwrap(), progress(900));
        let path = state.path().join("marks/r-1.synced");
        let (bytes, other) = (std::fs::read(&path).unwrap(), line(&progress(812), true).into_bytes());
        assert_eq!(bytes.len(), other.len(), "it is written over in its place");
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let torn = [&other[..place], &bytes[place..]].concat();
            for spoilt in [&bytes[..place], &changed[..], &torn[..]] {
                std::fs::write(&path, spoilt).unwrap();
                let same = spoilt == bytes || spoilt == other;
                for read in [Watermark::read(&journal), Watermark::open(&journal).unwrap().recorded()] {
                    assert!(same || matches!(read, Err(MarkError::Spoilt(_))), "byte {place}");
                }
            }
        }
    }

    #[test]
    fn the_first_watermark_is_synced_at_once_and_later_ones_each_second_or_at_the_end() {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(state.path().join("runs/r-1")).unwrap();
        let mut mark = Watermark::create(&state.path().join("runs/r-1/journal.sqlite")).unwrap();
        assert!(mark.is_unsynced());
        mark.set(&progress(1)).unwrap();
        assert!(!mark.is_unsynced(), "the first one");
        mark.set(&progress(2)).unwrap();
        let unsynced = mark.is_unsynced();
        mark.synced_at = None;
        mark.set(&progress(3)).unwrap();
        assert!(unsynced && !mark.is_unsynced(), "it is due again");
        mark.write(&progress(4)).unwrap();
        mark.sync().unwrap();
        assert!(!mark.is_unsynced());
    }

    #[test]
    fn the_hash_of_entries_changes_when_one_is_gone_or_has_another_scope() {
        let of = |entries: &[(u64, i64)]| {
            entries.iter().fold(EntrySetHash::default(), |entry_hash, (seq, scope)| entry_hash.with(*seq, *scope))
        };
        let whole = of(&[(1, -1), (2, 0), (3, 1), (4, 0)]);
        assert_eq!(whole, of(&[(2, 0), (4, 0), (3, 1), (1, -1)]), "in any order");
        for other in
            [&[(1, -1), (2, 0), (3, 1)][..], &[(1, -1), (2, 1), (3, 0), (4, 0)], &[(1, -1), (2, 0), (3, 1), (4, 1)]]
        {
            assert_ne!(whole, of(other), "{other:?}");
        }
    }
}
