//! How far a journal was synced, told by a file that is not the journal: what it says was once on the disk must still
//! be there, and of the same scopes. It lies with the run's mark, outside the run's folder, so that whoever cuts, removes
//! or replaces the folder does not take it along; for a journal without a mark it lies beside it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::io::journal::format::checksum::of_pair;
use crate::io::marks::{MarkError, MarkFiles};
use crate::io::private_file;
use crate::model::Time;

/// How long what was written may wait for the disk. Until then only a machine that goes down can lose it.
pub(in crate::io::journal) const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The file. It is written after each sync of the journal, so it is never too high.
#[derive(Debug)]
pub(in crate::io::journal) struct Watermark {
    file: File,
    outside: bool,
    synced_at: Option<Instant>,
    waits: bool,
}

/// What it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::io::journal) struct Progress {
    /// All entries up to this one are on the disk.
    pub(in crate::io::journal) seq: u64,
    /// The trail of those entries; none in marks of older journals.
    pub(in crate::io::journal) trail: Option<Trail>,
    /// How many effects are listed by then; none in marks of older journals.
    pub(in crate::io::journal) effects: Option<u32>,
    /// When the last of the entries was decided.
    pub(in crate::io::journal) at: Option<Time>,
}

/// Which entries there are and whose: a sum in which every entry counts by its number and its scope, whatever the
/// order. It is told from the index alone, without reading what the entries say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::io::journal) struct Trail(u64);

impl Trail {
    /// The trail with one more entry.
    pub(in crate::io::journal) fn with(self, seq: u64, scope: i64) -> Self {
        // A multiplication that spreads every bit, so that two changes do not cancel out.
        let mixed = (seq ^ scope.cast_unsigned().rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(self.0.wrapping_add((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)))
    }
}

fn beside(journal: &Path) -> PathBuf {
    journal.with_extension("synced")
}

/// The file that lies with the run's mark, where it is there.
fn outside(journal: &Path) -> Option<PathBuf> {
    MarkFiles::of_journal(journal).map(|files| files.synced()).filter(|path| path.exists())
}

impl Watermark {
    /// Makes the file for a new journal: with the run's mark where the journal lies in a folder of runs.
    pub(in crate::io::journal) fn create(journal: &Path) -> io::Result<Self> {
        let Some(files) = MarkFiles::of_journal(journal) else { return Self::open(journal) };
        files.make_folder()?;
        Self::anew(&files.synced())
    }

    fn anew(path: &Path) -> io::Result<Self> {
        let mut mark = Self::over(private_file(path)?, true);
        mark.file.set_len(0)?;
        mark.write(&Progress::default())?;
        Ok(mark)
    }

    /// Makes the file anew with the run's mark; it never says less than that.
    pub(in crate::io::journal) fn rewrite(journal: &Path, progress: &Progress) -> io::Result<Self> {
        let Some(files) = MarkFiles::of_journal(journal) else { return Self::open(journal) };
        files.make_folder()?;
        let path = files.synced();
        let mut mark = Self::over(private_file(&path.with_extension("synced.new"))?, true);
        mark.set(progress)?;
        std::fs::rename(path.with_extension("synced.new"), path)?;
        files.sync_folder()?;
        Ok(mark)
    }

    /// Opens the file of a journal that somebody goes on with.
    pub(in crate::io::journal) fn open(journal: &Path) -> io::Result<Self> {
        match outside(journal) {
            Some(path) => Ok(Self::over(private_file(&path)?, true)),
            None => Ok(Self::over(private_file(&beside(journal))?, false)),
        }
    }

    fn over(file: File, outside: bool) -> Self {
        Self { file, outside, synced_at: None, waits: false }
    }

    /// Says how far the journal has come, and has it reach the disk where that is due.
    pub(in crate::io::journal) fn set(&mut self, progress: &Progress) -> io::Result<()> {
        self.write(progress)?;
        if self.synced_at.is_none_or(|at| at.elapsed() >= SYNC_EVERY) { self.sync() } else { Ok(()) }
    }

    fn write(&mut self, progress: &Progress) -> io::Result<()> {
        // Always as long, so that it needs no room on a disk that is full by then.
        self.file.write_all_at(line(progress, self.outside).as_bytes(), 0)?;
        self.waits = self.outside;
        Ok(())
    }

    /// Whether something waits for the disk.
    pub(in crate::io::journal) fn waits(&self) -> bool {
        self.waits
    }

    /// Has what was said reach the disk.
    pub(in crate::io::journal) fn sync(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.waits) {
            self.file.sync_data()?;
            self.synced_at = Some(Instant::now());
        }
        Ok(())
    }

    /// What is said of a journal: of no entry where nothing is.
    ///
    /// # Errors
    /// The file with the run's mark is there and cannot be read, or was changed.
    pub(in crate::io::journal) fn read(journal: &Path) -> Result<Progress, MarkError> {
        let Some(path) = outside(journal) else {
            let text = std::fs::read_to_string(beside(journal)).unwrap_or_default();
            return Ok(parse_old(&text).unwrap_or_default());
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| MarkError::Io { path: shown.clone(), error })?;
        parse(&text).ok_or(MarkError::Spoilt(shown))
    }

    /// Writes what is said of a journal beside a copy of it.
    pub(in crate::io::journal) fn copy_beside(progress: &Progress, copy: &Path) -> io::Result<()> {
        let mut mark = Self::over(private_file(&beside(copy))?, false);
        mark.write(progress)
    }
}

/// What stands in the file.
fn line(progress: &Progress, outside: bool) -> String {
    let Progress { seq, trail, effects, at } = *progress;
    let old = format!("{seq:020} {:016x}", trail.unwrap_or_default().0);
    if !outside {
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
    let [seq, trail, effects, at] = parts.as_slice() else { return None };
    Some(Progress {
        seq: seq.parse().ok()?,
        trail: Some(Trail(u64::from_str_radix(trail, 16).ok()?)),
        effects: Some(effects.parse().ok()?),
        at: Some(Time::from_micros(at.parse().ok()?)),
    })
}

/// What stands beside a journal that has no mark.
fn parse_old(text: &str) -> Option<Progress> {
    let line = text.strip_suffix('\n')?;
    let (seq, trail) = match line.split_once(' ') {
        Some((seq, trail)) if trail.len() == 16 => (seq, Some(Trail(u64::from_str_radix(trail, 16).ok()?))),
        Some(_) => return None,
        None => (line, None),
    };
    let seq = if seq.len() == 20 { seq.parse().ok()? } else { return None };
    Some(Progress { seq, trail, ..Progress::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(seq: u64) -> Progress {
        let trail = Some(Trail::default().with(seq, -1));
        Progress { seq, trail, effects: Some(3), at: Some(Time::from_secs(1_700_000_000)) }
    }

    #[test]
    fn beside_a_journal_it_is_read_back_and_a_spoilt_one_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        let read = || Watermark::read(&journal).unwrap();
        assert_eq!(read(), Progress::default());
        let mut mark = Watermark::create(&journal).unwrap();
        mark.set(&progress(812)).unwrap();
        mark.set(&progress(7)).unwrap();
        assert_eq!(read(), Progress { effects: None, at: None, ..progress(7) });
        std::fs::write(beside(&journal), "00000000000000000007\n").unwrap();
        assert_eq!(read(), Progress { seq: 7, ..Progress::default() }, "of an older journal");
        for spoilt in ["", "7\n", "0000000000000000000x\n", "00000000000000000007", "00000000000000000007 12\n"] {
            std::fs::write(beside(&journal), spoilt).unwrap();
            assert_eq!(read(), Progress::default(), "{spoilt:?}");
        }
    }

    #[test]
    fn with_the_mark_it_outlives_the_folder_and_a_torn_or_changed_one_is_told() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("runs/r-1");
        std::fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("journal.sqlite");
        let mut mark = Watermark::create(&journal).unwrap();
        assert_eq!(Watermark::read(&journal).unwrap().seq, 0);
        mark.set(&progress(812)).unwrap();
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
                assert!(same || matches!(Watermark::read(&journal), Err(MarkError::Spoilt(_))), "byte {place}");
            }
        }
    }

    #[test]
    fn what_was_said_reaches_the_disk_at_once_at_first_and_then_each_second_or_at_the_end() {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(state.path().join("runs/r-1")).unwrap();
        let mut mark = Watermark::create(&state.path().join("runs/r-1/journal.sqlite")).unwrap();
        assert!(mark.waits());
        mark.set(&progress(1)).unwrap();
        assert!(!mark.waits(), "the first one");
        mark.set(&progress(2)).unwrap();
        let waits = mark.waits();
        mark.synced_at = None;
        mark.set(&progress(3)).unwrap();
        assert!(waits && !mark.waits(), "it is due again");
        mark.write(&progress(4)).unwrap();
        mark.sync().unwrap();
        assert!(!mark.waits());
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
