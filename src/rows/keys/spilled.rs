//! Keys in a scratch file, with the latest of them in memory: few calls of the system for a key.

use std::io;

use super::memory::{MemoryTable, Slot};
use super::scratch::ScratchTable;

/// All keys but the first few thousand of a file.
pub(in crate::rows) struct SpilledKeys {
    file: ScratchTable,
    /// Those that are not in the file yet.
    latest: MemoryTable,
    /// They go into the file when they are so many.
    room: usize,
    filter: BloomFilter,
}

impl SpilledKeys {
    /// A table that holds what one in memory does.
    ///
    /// # Errors
    /// There is no room for a scratch file; what was in memory is lost then.
    pub(in crate::rows) fn new(memory: &MemoryTable, room: usize) -> io::Result<Self> {
        let file = ScratchTable::new(memory.slots().len() * 4)?;
        let mut this = Self { file, latest: memory.clone(), room, filter: BloomFilter::default() };
        this.flush()?;
        Ok(this)
    }

    /// Takes a key in; gives the number of the row that had it first, where one had.
    ///
    /// # Errors
    /// The file could not be written or read. The keys that could not be written stay in memory.
    pub(in crate::rows) fn insert(&mut self, slot: Slot) -> io::Result<Option<u32>> {
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

    /// The number of the row that has a key.
    ///
    /// # Errors
    /// The file could not be read.
    pub(in crate::rows) fn find(&self, slot: &Slot) -> io::Result<Option<u32>> {
        if self.filter.may_hold(slot)
            && let Some(first) = self.file.find(slot)?
        {
            return Ok(Some(first));
        }
        Ok(self.latest.find(slot))
    }

    /// Writes the latest keys into the file, in its order.
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

/// Tells for most keys that are not in the file that they are not, without looking: three bits a key.
struct BloomFilter(Vec<u64>);

/// Bits of a filter; half a mebibyte tells for nine of ten keys among a million.
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
