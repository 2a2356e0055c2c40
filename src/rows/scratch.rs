//! A table of keys in a scratch file that no name leads to: it is gone when the process is.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::keys::{Slot, home, is_same, is_taken};

/// Bytes of a slot.
const SLOT: usize = size_of::<Slot>();

/// Slots read at a time: at the table's load a key is nearly always among the first few.
const AT_A_TIME: usize = 4;

/// Slots moved at a time when the table grows.
const MOVED: usize = 4_096;

/// The table. Slots behind the last one take what the search would carry over the end.
pub(super) struct Scratch {
    file: File,
    slots: usize,
    used: usize,
    /// It grows once it holds so many.
    grow_at: usize,
    /// It has no room left and could not grow: nothing more is tried.
    full: bool,
}

impl Scratch {
    /// An empty table of so many slots.
    pub(super) fn new(slots: usize) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, slots, used: 0, grow_at: slots / 2, full: false })
    }

    /// Takes a key in; gives the number of the row that had it first, where one had.
    pub(super) fn insert(&mut self, slot: Slot) -> io::Result<Option<u32>> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.used >= self.grow_at {
            self.make_room()?;
        }
        let mut at = home(&slot, self.slots);
        let mut bytes = [0; AT_A_TIME * SLOT];
        loop {
            // What lies behind the file's end was never written: it is free.
            let read = self.read(at, &mut bytes)?;
            bytes[read..].fill(0);
            for there in bytes.chunks_exact(SLOT).map(slot_of) {
                if !is_taken(&there) {
                    self.file.write_all_at(&bytes_of(&slot), offset(at))?;
                    self.used += 1;
                    return Ok(None);
                }
                if is_same(&there, &slot) {
                    return Ok(Some(there[3]));
                }
                at += 1;
            }
        }
    }

    fn read(&self, at: usize, into: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        while read < into.len() {
            match self.file.read_at(&mut into[read..], offset(at) + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read - read % SLOT)
    }

    /// Grows. Where the disk has no room for that, the table fills up slowly and tries again now and then.
    fn make_room(&mut self) -> io::Result<()> {
        let grown = self.grow();
        if grown.is_err() {
            self.grow_at = self.used + (self.slots / 16).max(1);
            self.full = self.grow_at >= self.slots;
        }
        if self.full { grown } else { Ok(()) }
    }

    fn grow(&mut self) -> io::Result<()> {
        let mut larger = Self::new(self.slots * 2)?;
        let mut bytes = vec![0; MOVED * SLOT];
        let mut at = 0;
        loop {
            let read = self.read(at, &mut bytes)?;
            if read == 0 {
                break;
            }
            for slot in bytes[..read].chunks_exact(SLOT).map(slot_of).filter(is_taken) {
                larger.insert(slot)?;
            }
            at += read / SLOT;
        }
        *self = larger;
        Ok(())
    }
}

fn offset(at: usize) -> u64 {
    (at * SLOT) as u64
}

fn slot_of(bytes: &[u8]) -> Slot {
    let mut slot = Slot::default();
    for (part, four) in slot.iter_mut().zip(bytes.chunks_exact(4)) {
        *part = four.try_into().map_or(0, u32::from_le_bytes);
    }
    slot
}

fn bytes_of(slot: &Slot) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    for (four, part) in bytes.chunks_exact_mut(4).zip(slot) {
        four.copy_from_slice(&part.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_begin_their_search_at_the_end_are_found() {
        let mut table = Scratch::new(8).unwrap();
        for number in 1..=200 {
            assert_eq!(table.insert([u32::MAX, 0, number, number]).unwrap(), None);
            assert_eq!(table.insert([u32::MAX, 0, number, 900]).unwrap(), Some(number));
        }
        for number in 1..=200 {
            assert_eq!(table.insert([u32::MAX, 0, number, 900]).unwrap(), Some(number), "after growing");
        }
    }
}
