//! A table of keys in a scratch file that no name leads to: it is gone when the process is.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::memory::{Slot, home, is_same, is_taken};

/// Bytes of a slot.
const SLOT: usize = size_of::<Slot>();

/// Slots read at a time where a single key is looked for: at the table's load it is nearly always among the first few.
const AT_A_TIME: usize = 4;

/// Slots moved at a time when the table grows.
const MOVED: usize = 4_096;

/// The table. Slots behind the last one take what the search would carry over the end.
pub(in crate::rows) struct ScratchTable {
    file: Blocks,
    slots: usize,
    used: usize,
    /// It grows once it holds so many.
    grow_at: usize,
    /// It has no room left and could not grow: nothing more is tried.
    full: bool,
}

impl ScratchTable {
    /// An empty table of so many slots.
    pub(in crate::rows) fn new(slots: usize) -> io::Result<Self> {
        Ok(Self { file: Blocks::new(tempfile::tempfile()?), slots, used: 0, grow_at: slots / 2, full: false })
    }

    /// Takes keys in that are sorted by where their search begins; those that are there already stay as they are.
    ///
    /// # Errors
    /// The file cannot be written. Some of the keys may be in it then.
    pub(in crate::rows) fn insert_all(&mut self, sorted: &[Slot]) -> io::Result<()> {
        sorted.iter().try_for_each(|slot| self.insert(*slot))?;
        self.file.flush()
    }

    fn insert(&mut self, slot: Slot) -> io::Result<()> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.used >= self.grow_at {
            self.make_room()?;
        }
        let mut at = home(&slot, self.slots);
        loop {
            let there = slot_of(self.file.at(at)?);
            if is_same(&there, &slot) && is_taken(&there) {
                return Ok(());
            }
            if !is_taken(&there) {
                self.file.set(at, &bytes_of(&slot))?;
                self.used += 1;
                return Ok(());
            }
            at += 1;
        }
    }

    /// The number of the row that had a key, if it is in the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(in crate::rows) fn find(&self, slot: &Slot) -> io::Result<Option<u32>> {
        let mut at = home(slot, self.slots);
        let mut bytes = [0; AT_A_TIME * SLOT];
        loop {
            // What lies behind the file's end was never written: it is free.
            let read = self.file.read(at, &mut bytes)?;
            bytes[read..].fill(0);
            for there in bytes.chunks_exact(SLOT).map(slot_of) {
                if !is_taken(&there) {
                    return Ok(None);
                }
                if is_same(&there, slot) {
                    return Ok(Some(there[3]));
                }
            }
            at += AT_A_TIME;
        }
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
        self.file.flush()?;
        let mut larger = Self::new(self.slots * 2)?;
        let mut bytes = vec![0; MOVED * SLOT];
        let mut at = 0;
        loop {
            let read = self.file.read(at, &mut bytes)?;
            if read == 0 {
                break;
            }
            for slot in bytes[..read].chunks_exact(SLOT).map(slot_of).filter(is_taken) {
                larger.insert(slot)?;
            }
            at += read / SLOT;
        }
        larger.file.flush()?;
        *self = larger;
        Ok(())
    }
}

/// Slots in a block.
const BLOCK: usize = 1_024;

/// The file, of which one block is held in memory: what comes sorted costs two calls of the system a block.
struct Blocks {
    file: File,
    bytes: Vec<u8>,
    /// Which block is held.
    held: Option<usize>,
    changed: bool,
}

impl Blocks {
    fn new(file: File) -> Self {
        Self { file, bytes: vec![0; BLOCK * SLOT], held: None, changed: false }
    }

    /// The slot at a place.
    fn at(&mut self, at: usize) -> io::Result<&[u8]> {
        self.hold(at / BLOCK)?;
        let start = at % BLOCK * SLOT;
        Ok(&self.bytes[start..start + SLOT])
    }

    fn set(&mut self, at: usize, slot: &[u8; SLOT]) -> io::Result<()> {
        self.hold(at / BLOCK)?;
        let start = at % BLOCK * SLOT;
        self.bytes[start..start + SLOT].copy_from_slice(slot);
        self.changed = true;
        Ok(())
    }

    fn hold(&mut self, block: usize) -> io::Result<()> {
        if self.held == Some(block) {
            return Ok(());
        }
        self.flush()?;
        self.held = None;
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.resize(BLOCK * SLOT, 0);
        let read = self.read(block * BLOCK, &mut bytes);
        self.bytes = bytes;
        self.bytes[read?..].fill(0);
        self.held = Some(block);
        Ok(())
    }

    /// Writes the block that is held, where it was changed.
    fn flush(&mut self) -> io::Result<()> {
        if let (Some(block), true) = (self.held, self.changed) {
            self.file.write_all_at(&self.bytes, offset(block * BLOCK))?;
            self.changed = false;
        }
        Ok(())
    }

    /// Reads whole slots as they are in the file; fewer at its end.
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
        let mut table = ScratchTable::new(8).unwrap();
        let key = |number: u32| [u32::MAX, 0, number, number];
        for number in 1..=200 {
            assert_eq!(table.find(&key(number)).unwrap(), None);
            table.insert_all(&[key(number)]).unwrap();
            table.insert_all(&[[u32::MAX, 0, number, 900]]).unwrap();
            assert_eq!(table.find(&key(number)).unwrap(), Some(number), "the first stays");
        }
        for number in 1..=200 {
            assert_eq!(table.find(&key(number)).unwrap(), Some(number), "after growing");
        }
    }

    #[test]
    fn keys_that_come_sorted_are_found_over_all_blocks() {
        let mut table = ScratchTable::new(64).unwrap();
        let key = |number: u32| [number.wrapping_mul(2_654_435_761), number, 0, number];
        for round in 0..20_u32 {
            let mut keys: Vec<Slot> = (1..=700).map(|number| key(round * 700 + number)).collect();
            keys.sort_unstable_by_key(|slot| slot[0]);
            table.insert_all(&keys).unwrap();
        }
        for number in 1..=14_000 {
            assert_eq!(table.find(&key(number)).unwrap(), Some(number));
        }
        assert_eq!(table.find(&key(14_001)).unwrap(), None);
    }
}
