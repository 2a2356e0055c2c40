//! A hash table of keys in an unnamed temporary file, which the system deletes with the process.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::memory::{Slot, home, is_same, is_taken};

/// Bytes in a slot.
const SLOT: usize = size_of::<Slot>();

/// Slots read at once when searching for one key. At half load a key is nearly always among the first few.
const AT_A_TIME: usize = 4;

/// Slots copied at once when the table grows.
const MOVED: usize = 4_096;

/// A hash table with linear probing. A search does not wrap around: slots behind the last one take its overflow.
pub(super) struct ScratchTable {
    file: Blocks,
    slots: usize,
    used: usize,
    /// The table grows when it holds this many keys.
    grow_at: usize,
    /// The table is full and could not grow; inserts fail from now on.
    full: bool,
}

impl ScratchTable {
    /// An empty table.
    pub(super) fn new(slots: usize) -> io::Result<Self> {
        Ok(Self { file: Blocks::new(tempfile::tempfile()?), slots, used: 0, grow_at: slots / 2, full: false })
    }

    /// Inserts keys that are sorted by hash, so that blocks are visited in order. Keys already present keep their row.
    ///
    /// # Errors
    /// The file cannot be read or written, or the table is full. Some of the keys may have been inserted.
    pub(super) fn insert_all(&mut self, sorted: &[Slot]) -> io::Result<()> {
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

    /// The row that has a key, if the file holds it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn find(&self, slot: &Slot) -> io::Result<Option<u32>> {
        let mut at = home(slot, self.slots);
        let mut bytes = [0; AT_A_TIME * SLOT];
        loop {
            // Slots behind the end of the file were never written, so they are free.
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

    /// Grows the table. If the disk is full, the table goes on filling up and retries after some more keys.
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

/// The file with one block cached, so that sorted keys cost two system calls a block.
struct Blocks {
    file: File,
    bytes: Vec<u8>,
    /// The number of the cached block.
    held: Option<usize>,
    changed: bool,
}

impl Blocks {
    fn new(file: File) -> Self {
        Self { file, bytes: vec![0; BLOCK * SLOT], held: None, changed: false }
    }

    /// The bytes of one slot.
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

    /// Writes the cached block if it was changed.
    fn flush(&mut self) -> io::Result<()> {
        if let (Some(block), true) = (self.held, self.changed) {
            self.file.write_all_at(&self.bytes, offset(block * BLOCK))?;
            self.changed = false;
        }
        Ok(())
    }

    /// Reads whole slots from the file, fewer at its end.
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
    fn keys_that_overflow_the_last_slot_are_found() {
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
    fn keys_inserted_in_sorted_batches_are_found_in_all_blocks() {
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
