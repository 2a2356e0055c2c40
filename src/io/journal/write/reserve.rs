//! A file of reserved space beside the journal. It keeps entries that the journal refused, also on a full disk; they go
//! into the journal when the run is resumed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::store::Store;
use crate::io::journal::format::JournalError;
use crate::io::private_file;
use crate::journal::JournalEntry;
use crate::model::StepScope;

/// The first bytes of a reserve that holds entries.
const MAGIC: &[u8; 8] = b"rshtrest";

/// Bytes before the entries: the magic word, their length, their digest.
const HEADER: usize = 8 + 8 + 32;

/// Bytes reserved for each call that may be in flight, and for everything else.
const SIZE_PER_CALL: u64 = 6 * 1024;
const BASE_SIZE: u64 = 64 * 1024;

/// The largest and the smallest reserve, in bytes. A disk without room for the smallest counts as full before anything
/// is sent.
const MAX_SIZE: u64 = 16 * 1024 * 1024;
const MIN_SIZE: u64 = 8 * 1024;

/// Bytes written at a time while the reserve is filled.
const CHUNK: usize = 64 * 1024;

/// An open file whose blocks are allocated, so that neither a full disk nor a lack of file descriptors prevents writing.
#[derive(Debug)]
pub struct Reserve {
    file: File,
    path: PathBuf,
    size: u64,
}

fn path_beside(journal: &Path) -> PathBuf {
    journal.with_extension("rest")
}

impl Reserve {
    /// Reserves space beside a journal for up to `in_flight` calls.
    ///
    /// # Errors
    /// [`JournalError::Io`] if the disk is full or the folder may not be written to.
    pub fn set_aside(journal: &Path, in_flight: u32) -> Result<Self, JournalError> {
        let path = path_beside(journal);
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        let file = private_file(&path).map_err(wrong)?;
        let mut size = BASE_SIZE.saturating_add(SIZE_PER_CALL.saturating_mul(in_flight.into())).min(MAX_SIZE);
        loop {
            match fill(&file, size) {
                Ok(()) => break,
                Err(_) if size / 2 >= MIN_SIZE => size /= 2,
                Err(error) => {
                    // A partly filled file would take space from others.
                    let _ = std::fs::remove_file(&path);
                    return Err(wrong(error));
                }
            }
        }
        Ok(Self { file, path, size })
    }

    /// Keeps entries that the journal refused; the first must be the journal's next entry. If they do not fit, whole
    /// scopes are left out, the largest first. Returns how many entries are on the disk now.
    ///
    /// # Errors
    /// The system's error if the file cannot be written; nothing is kept then.
    pub fn keep(&self, entries: &[JournalEntry]) -> io::Result<usize> {
        let entries = fitting(entries, self.size.saturating_sub(HEADER as u64))?;
        let text = serde_json::to_vec(&entries)?;
        let mut bytes = Vec::with_capacity(HEADER + text.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&text));
        bytes.extend_from_slice(&text);
        self.file.write_all_at(&bytes, 0)?;
        self.file.sync_data()?;
        Ok(entries.len())
    }

    /// Removes the file.
    pub fn remove(self) {
        // A file that stays serves the next process that drives the run.
        let _ = std::fs::remove_file(&self.path);
    }

    /// Moves the entries kept beside a journal into it and returns their number. The caller must hold the run's lock.
    ///
    /// # Errors
    /// [`JournalError`] if the journal or the reserve cannot be read or written; the reserve stays as it is then.
    pub fn take_in(journal: &Path) -> Result<usize, JournalError> {
        let path = path_beside(journal);
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(wrong(error)),
        }
        let entries = kept(&bytes);
        if let Some(first) = entries.first() {
            let mut store = Store::open(journal)?;
            let next = store.next_seq()?;
            if next < first.seq {
                // The journal lacks earlier entries, and is refused for that later.
                return Ok(0);
            }
            // If the journal is further than that, it has these entries already.
            if next == first.seq {
                store.append(&entries)?;
            }
            store.close()?;
        }
        std::fs::remove_file(&path).map_err(wrong)?;
        Ok(entries.len())
    }
}

/// Allocates the blocks of a file by writing `size` zero bytes.
fn fill(file: &File, size: u64) -> io::Result<()> {
    file.set_len(0)?;
    let zeros = [0; CHUNK];
    let mut filled = 0;
    while filled < size {
        let some = usize::try_from(size - filled).unwrap_or(CHUNK).min(CHUNK);
        file.write_all_at(&zeros[..some], filled)?;
        filled += some as u64;
    }
    file.sync_data()
}

/// The entries that fit into `size` bytes, renumbered without gaps.
fn fitting(entries: &[JournalEntry], size: u64) -> io::Result<Vec<JournalEntry>> {
    let mut sizes: BTreeMap<StepScope, u64> = BTreeMap::new();
    for entry in entries {
        *sizes.entry(entry.scope).or_default() += serde_json::to_vec(entry)?.len() as u64 + 1;
    }
    let mut all = 2 + sizes.values().sum::<u64>();
    while all > size {
        let largest = sizes.iter().max_by_key(|(_, size)| **size).map(|(scope, size)| (*scope, *size));
        let Some((scope, size)) = largest else { break };
        sizes.remove(&scope);
        all -= size;
    }
    let first = entries.first().map_or(1, |entry| entry.seq);
    let there = entries.iter().filter(|entry| sizes.contains_key(&entry.scope));
    Ok((first..).zip(there).map(|(seq, entry)| JournalEntry { seq, ..entry.clone() }).collect())
}

/// The entries that a reserve holds; empty if it holds none or was cut.
fn kept(bytes: &[u8]) -> Vec<JournalEntry> {
    let text = || {
        let (head, rest) = bytes.split_at_checked(HEADER)?;
        let length = u64::from_le_bytes(head.get(8..16)?.try_into().ok()?);
        let text = rest.get(..usize::try_from(length).ok()?)?;
        (head.starts_with(MAGIC) && head.get(16..)? == Sha256::digest(text).as_slice()).then_some(text)
    };
    text().and_then(|text| serde_json::from_slice(text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::journal::read::Reader;
    use crate::journal::Fact;
    use crate::model::Time;

    fn entry(seq: u64, row: u64) -> JournalEntry {
        JournalEntry { seq, at: Time::from_secs(1), scope: StepScope::Row(row), facts: vec![Fact::RollbackStarted] }
    }

    fn journal(folder: &Path, entries: u64) -> PathBuf {
        let path = folder.join("journal.sqlite");
        let mut store = Store::create(&path).unwrap();
        (1..=entries).for_each(|seq| store.append(&[entry(seq, seq)]).unwrap());
        store.close().unwrap();
        path
    }

    fn entries(path: &Path) -> u64 {
        Store::open(path).unwrap().next_seq().unwrap() - 1
    }

    #[test]
    fn kept_entries_go_into_the_journal_once_and_the_reserve_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let reserve = Reserve::set_aside(&path, 16).unwrap();
        assert_eq!(reserve.keep(&[entry(4, 1), entry(5, 2), entry(6, 1)]).unwrap(), 3);
        let copy = std::fs::read(path_beside(&path)).unwrap();
        assert_eq!(Reserve::take_in(&path).unwrap(), 3);
        assert_eq!((entries(&path), path_beside(&path).exists()), (6, false));
        Reader::open(&path).unwrap().verify(&path).unwrap();
        // The process died before it could take the file away.
        std::fs::write(path_beside(&path), copy).unwrap();
        Reserve::take_in(&path).unwrap();
        assert_eq!((entries(&path), path_beside(&path).exists()), (6, false));
        assert_eq!(Reserve::take_in(&path).unwrap(), 0);
    }

    #[test]
    fn an_empty_or_cut_reserve_adds_no_entries() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let reserve = Reserve::set_aside(&path, 16).unwrap();
        assert!(std::fs::metadata(path_beside(&path)).unwrap().len() >= BASE_SIZE);
        assert_eq!(Reserve::take_in(&path).unwrap(), 0);
        drop(reserve);
        let reserve = Reserve::set_aside(&path, 16).unwrap();
        reserve.keep(&[entry(4, 1)]).unwrap();
        let whole = std::fs::read(path_beside(&path)).unwrap();
        for spoilt in [&whole[..60], &whole[..20], &[whole[..50].to_vec(), vec![b' '; 100]].concat()] {
            std::fs::write(path_beside(&path), spoilt).unwrap();
            assert_eq!((Reserve::take_in(&path).unwrap(), entries(&path)), (0, 3));
        }
    }

    #[test]
    fn a_journal_that_lacks_earlier_entries_takes_none_and_keeps_the_reserve() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let reserve = Reserve::set_aside(&path, 16).unwrap();
        reserve.keep(&[entry(9, 1)]).unwrap();
        assert_eq!((Reserve::take_in(&path).unwrap(), entries(&path), path_beside(&path).exists()), (0, 3, true));
    }

    #[test]
    fn entries_that_do_not_fit_are_left_out_by_whole_scopes() {
        let few: Vec<JournalEntry> = vec![entry(4, 1), entry(5, 2), entry(6, 1), entry(7, 3)];
        let size = serde_json::to_vec(&few[1..2]).unwrap().len() as u64;
        let fits = |room| {
            let fitting = fitting(&few, room).unwrap();
            fitting.iter().map(|entry| (entry.seq, entry.scope)).collect::<Vec<_>>()
        };
        let row = StepScope::Row;
        assert_eq!(fits(1_000), [(4, row(1)), (5, row(2)), (6, row(1)), (7, row(3))]);
        assert_eq!(fits(size * 2), [(4, row(2)), (5, row(3))], "the scope with two entries goes first");
        assert_eq!(fits(10), []);
    }
}
