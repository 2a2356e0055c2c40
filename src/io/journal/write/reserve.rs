//! Entries that the journal did not take: they are kept in room that was set aside beside it, on a full disk, too, and
//! go into the journal when its run is taken up again.

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

/// How a file begins that holds entries.
const MAGIC: &[u8; 8] = b"rshtrest";

/// What stands before the entries: the magic word, their length, their digest.
const HEAD: usize = 8 + 8 + 32;

/// The room that is set aside for each call that may be under way, in bytes, and for all else.
const ROOM_PER_CALL: u64 = 6 * 1024;
const ROOM: u64 = 64 * 1024;

/// The most and the least room; a disk without the least is full before anything is sent.
const MOST_ROOM: u64 = 16 * 1024 * 1024;
const LEAST_ROOM: u64 = 8 * 1024;

/// Bytes that are written at a time where room is made.
const CHUNK: usize = 64 * 1024;

/// Room for entries, with real blocks, and the file open: neither a full disk nor a lack of descriptors stands in its way.
#[derive(Debug)]
pub struct Reserve {
    file: File,
    path: PathBuf,
    room: u64,
}

fn beside(journal: &Path) -> PathBuf {
    journal.with_extension("rest")
}

impl Reserve {
    /// Sets room aside beside a journal, for as many calls as may be under way.
    ///
    /// # Errors
    /// The disk has no room for it, or may not be written to.
    pub fn set_aside(journal: &Path, in_flight: u32) -> Result<Self, JournalError> {
        let path = beside(journal);
        let wrong = |error| JournalError::Io { path: path.display().to_string(), error };
        let file = private_file(&path).map_err(wrong)?;
        let mut room = ROOM.saturating_add(ROOM_PER_CALL.saturating_mul(in_flight.into())).min(MOST_ROOM);
        loop {
            match fill(&file, room) {
                Ok(()) => break,
                Err(_) if room / 2 >= LEAST_ROOM => room /= 2,
                Err(error) => {
                    // What is left of it would be in the way of others.
                    let _ = std::fs::remove_file(&path);
                    return Err(wrong(error));
                }
            }
        }
        Ok(Self { file, path, room })
    }

    /// Keeps entries that the journal did not take, the first of which it would take next. A scope whose entries have no
    /// room is left out as a whole, the largest first. Gives how many entries are kept; they are on the disk then.
    ///
    /// # Errors
    /// The disk's trouble; nothing is kept then.
    pub fn keep(&self, entries: &[JournalEntry]) -> io::Result<usize> {
        let entries = fitting(entries, self.room.saturating_sub(HEAD as u64))?;
        let text = serde_json::to_vec(&entries)?;
        let mut bytes = Vec::with_capacity(HEAD + text.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&text));
        bytes.extend_from_slice(&text);
        self.file.write_all_at(&bytes, 0)?;
        self.file.sync_data()?;
        Ok(entries.len())
    }

    /// Gives the room back.
    pub fn remove(self) {
        // A leftover is room for the next process that drives the run.
        let _ = std::fs::remove_file(&self.path);
    }

    /// Takes into a journal what was kept beside it; gives how many entries. Only the process that holds the run's lock
    /// may do so.
    ///
    /// # Errors
    /// The journal's or the disk's trouble; what was kept is still there.
    pub fn take_in(journal: &Path) -> Result<usize, JournalError> {
        let path = beside(journal);
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
                // The journal lacks what came before, and is refused for that.
                return Ok(0);
            }
            // Entries behind these mean that these are there already.
            if next == first.seq {
                store.append(&entries)?;
            }
            store.close()?;
        }
        std::fs::remove_file(&path).map_err(wrong)?;
        Ok(entries.len())
    }
}

/// Gives a file real blocks for so many bytes.
fn fill(file: &File, room: u64) -> io::Result<()> {
    file.set_len(0)?;
    let zeros = [0; CHUNK];
    let mut filled = 0;
    while filled < room {
        let some = usize::try_from(room - filled).unwrap_or(CHUNK).min(CHUNK);
        file.write_all_at(&zeros[..some], filled)?;
        filled += some as u64;
    }
    file.sync_data()
}

/// The entries for which there is room, numbered anew without gaps.
fn fitting(entries: &[JournalEntry], room: u64) -> io::Result<Vec<JournalEntry>> {
    let mut sizes: BTreeMap<StepScope, u64> = BTreeMap::new();
    for entry in entries {
        *sizes.entry(entry.scope).or_default() += serde_json::to_vec(entry)?.len() as u64 + 1;
    }
    let mut all = 2 + sizes.values().sum::<u64>();
    while all > room {
        let largest = sizes.iter().max_by_key(|(_, size)| **size).map(|(scope, size)| (*scope, *size));
        let Some((scope, size)) = largest else { break };
        sizes.remove(&scope);
        all -= size;
    }
    let first = entries.first().map_or(1, |entry| entry.seq);
    let there = entries.iter().filter(|entry| sizes.contains_key(&entry.scope));
    Ok((first..).zip(there).map(|(seq, entry)| JournalEntry { seq, ..entry.clone() }).collect())
}

/// The entries that a file holds; none where it holds none, or not all of them.
fn kept(bytes: &[u8]) -> Vec<JournalEntry> {
    let text = || {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
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
    fn what_was_kept_is_taken_in_once_and_the_room_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let rest = Reserve::set_aside(&path, 16).unwrap();
        assert_eq!(rest.keep(&[entry(4, 1), entry(5, 2), entry(6, 1)]).unwrap(), 3);
        let copy = std::fs::read(beside(&path)).unwrap();
        assert_eq!(Reserve::take_in(&path).unwrap(), 3);
        assert_eq!((entries(&path), beside(&path).exists()), (6, false));
        Reader::open(&path).unwrap().verify(&path).unwrap();
        // The process died before it could take the file away.
        std::fs::write(beside(&path), copy).unwrap();
        Reserve::take_in(&path).unwrap();
        assert_eq!((entries(&path), beside(&path).exists()), (6, false));
        assert_eq!(Reserve::take_in(&path).unwrap(), 0);
    }

    #[test]
    fn room_that_holds_nothing_or_was_cut_is_taken_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let rest = Reserve::set_aside(&path, 16).unwrap();
        assert!(std::fs::metadata(beside(&path)).unwrap().len() >= ROOM);
        assert_eq!(Reserve::take_in(&path).unwrap(), 0);
        drop(rest);
        let rest = Reserve::set_aside(&path, 16).unwrap();
        rest.keep(&[entry(4, 1)]).unwrap();
        let whole = std::fs::read(beside(&path)).unwrap();
        for spoilt in [&whole[..60], &whole[..20], &[whole[..50].to_vec(), vec![b' '; 100]].concat()] {
            std::fs::write(beside(&path), spoilt).unwrap();
            assert_eq!((Reserve::take_in(&path).unwrap(), entries(&path)), (0, 3));
        }
    }

    #[test]
    fn a_journal_that_lacks_what_came_before_takes_nothing_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path(), 3);
        let rest = Reserve::set_aside(&path, 16).unwrap();
        rest.keep(&[entry(9, 1)]).unwrap();
        assert_eq!((Reserve::take_in(&path).unwrap(), entries(&path), beside(&path).exists()), (0, 3, true));
    }

    #[test]
    fn what_has_no_room_is_left_out_by_whole_scopes() {
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
