//! Keys in a scratch file, with the latest ones in memory and a filter that avoids most reads.

use std::io;

use super::memory::{MemoryTable, Slot};
use super::scratch::ScratchTable;

/// The keys of a large file. New ones collect in memory and are written in sorted batches.
pub(super) struct SpilledKeys {
    file: ScratchTable,
    /// Keys not yet in the file.
    latest: MemoryTable,
    /// The number of keys in memory at which they are written.
    room: usize,
    filter: BloomFilter,
}

impl SpilledKeys {
    /// Moves the keys of a table in memory to a new scratch file.
    ///
    /// # Errors
    /// The scratch file cannot be made or written; `memory` is unchanged.
    pub(super) fn new(memory: &MemoryTable, room: usize) -> io::Result<Self> {
        let file = ScratchTable::new(memory.slots().len() * 4)?;
        let mut this = Self { file, latest: memory.clone(), room, filter: BloomFilter::default() };
        this.flush()?;
        Ok(this)
    }

    /// Inserts a key; returns the row that had it first, if one did.
    ///
    /// # Errors
    /// The file cannot be read or written. Keys that could not be written stay in memory.
    pub(super) fn insert(&mut self, slot: Slot) -> io::Result<Option<u32>> {
        if self.filter.may_hold(&slot)
            && let Some(first) = self.file.find(&slot)?
        {
            return Ok(Some(first));
        }
        let first = self.latest.insert(slot);
        if self.latest.used() >= self.room {
            self.flush()?;
        }
        Ok(first)
    }

    /// The row that has a key.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn find(&self, slot: &Slot) -> io::Result<Option<u32>> {
        if self.filter.may_hold(slot)
            && let Some(first) = self.file.find(slot)?
        {
            return Ok(Some(first));
        }
        Ok(self.latest.find(slot))
    }

    /// Writes the keys in memory to the file, sorted by hash.
    fn flush(&mut self) -> io::Result<()> {
        let mut slots: Vec<Slot> = self.latest.taken().copied().collect();
        slots.sort_unstable_by_key(|slot| slot[0]);
        if let Err(error) = self.file.insert_all(&slots) {
            self.room = self.room.saturating_mul(2);
            return Err(error);
        }
        slots.iter().for_each(|slot| self.filter.add(slot));
        self.latest.clear();
        Ok(())
    }
}

/// A Bloom filter with three bits a key: `may_hold` is false only for keys that the file does not hold.
struct BloomFilter(Vec<u64>);

/// Bits in the filter (512 KiB). With a million keys it rules out about nine of ten new ones.
const FILTER_BITS: u32 = 1 << 22;

impl Default for BloomFilter {
    fn default() -> Self {
        Self(vec![0; (FILTER_BITS / u64::BITS) as usize])
    }
}

impl BloomFilter {
    fn bits(slot: &Slot) -> [(usize, u64); 3] {
        [slot[0], slot[1], slot[2]].map(|hash| {
            let bit = hash % FILTER_BITS;
            ((bit / u64::BITS) as usize, 1 << (bit % u64::BITS))
        })
    }

    fn add(&mut self, slot: &Slot) {
        Self::bits(slot).into_iter().for_each(|(word, bit)| self.0[word] |= bit);
    }

    fn may_hold(&self, slot: &Slot) -> bool {
        Self::bits(slot).into_iter().all(|(word, bit)| self.0[word] & bit != 0)
    }
}
