//! The keys seen so far: 16 bytes each, in memory while they are few, beyond that in a scratch file.
//!
//! A key is kept as 96 bits of a hash under keys drawn at start, and the number of its row. Two different keys among
//! a million meet with a chance under 10⁻¹⁷, and the file's author cannot aim for it, so no text is kept to compare.

use super::memory::{MemoryTable, Slot};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::io;

use super::spilled::SpilledKeys;
use crate::diagnostic::Diagnostic;

/// Keys that are kept in memory; when more come, all go to the scratch file.
const IN_MEMORY: usize = 1 << 14;

/// The keys seen so far, whatever their number.
pub struct KeyIndex {
    hashers: (RandomState, RandomState),
    table: KeyTable,
    bound: usize,
}

enum KeyTable {
    Memory(MemoryTable),
    Spilled(SpilledKeys),
}

impl Default for KeyIndex {
    fn default() -> Self {
        Self::bounded(IN_MEMORY)
    }
}

impl KeyIndex {
    fn bounded(bound: usize) -> Self {
        Self {
            hashers: (RandomState::new(), RandomState::new()),
            table: KeyTable::Memory(MemoryTable::default()),
            bound,
        }
    }

    /// Takes a key in; gives the number of the row that had it first, where one had.
    ///
    /// # Errors
    /// The scratch file could not be written or read.
    pub fn insert<K: Hash + ?Sized>(&mut self, key: &K, number: u64) -> io::Result<Option<u64>> {
        let slot = self.slot(key, number);
        let there = match &mut self.table {
            KeyTable::Memory(memory) => memory.insert(slot),
            KeyTable::Spilled(spilled) => spilled.insert(slot)?,
        };
        self.make_room()?;
        Ok(there.map(u64::from))
    }

    /// The number of the row that has a key.
    ///
    /// # Errors
    /// The scratch file could not be read.
    pub(in crate::rows) fn find<K: Hash + ?Sized>(&mut self, key: &K) -> io::Result<Option<u64>> {
        let slot = self.slot(key, 1);
        let there = match &self.table {
            KeyTable::Memory(memory) => memory.find(&slot),
            KeyTable::Spilled(spilled) => spilled.find(&slot)?,
        };
        Ok(there.map(u64::from))
    }

    fn slot<K: Hash + ?Sized>(&self, key: &K, number: u64) -> Slot {
        let (first, second) = (self.hashers.0.hash_one(key), self.hashers.1.hash_one(key));
        let low = |wide: u64| (wide & u64::from(u32::MAX)) as u32;
        let number = u32::try_from(number).unwrap_or(u32::MAX).max(1);
        [low(first >> 32), low(first), low(second), number]
    }

    /// Moves a table that has become too large for the memory.
    fn make_room(&mut self) -> io::Result<()> {
        let KeyTable::Memory(memory) = &self.table else { return Ok(()) };
        if memory.used() < self.bound {
            return Ok(());
        }
        // Without room for a scratch file the keys stay where they are: the check goes on and takes more memory.
        match SpilledKeys::new(memory, self.bound) {
            Ok(spilled) => self.table = KeyTable::Spilled(spilled),
            Err(_) => self.bound = usize::MAX,
        }
        Ok(())
    }
}

/// Keys of very many rows are kept in a scratch file, which has failed.
pub(crate) fn no_scratch(error: &io::Error) -> Diagnostic {
    let message = format!("The keys of so many rows need a scratch file, and it cannot be used: {error}");
    Diagnostic::error("no-scratch", message)
        .help("Make room where temporary files go, or name another folder in `TMPDIR`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_second_time_names_the_first_row() {
        for bound in [1, 3, 100] {
            let mut keys = KeyIndex::bounded(bound);
            let mut insert = |key: &str, number| keys.insert(key, number).unwrap();
            assert_eq!(insert("a", 2), None);
            assert_eq!(insert("b", 3), None);
            assert_eq!(insert("a", 4), Some(2));
            assert_eq!(insert("a", 5), Some(2));
            assert_eq!(insert("", 6), None);
        }
    }

    #[test]
    fn many_keys_stay_apart_and_none_beyond_the_bound_is_in_memory() {
        let mut keys = KeyIndex::bounded(1_000);
        let count = 40_000_u64;
        for number in 1..=count {
            assert_eq!(keys.insert(&format!("key-{number}"), number).unwrap(), None);
            assert_eq!(matches!(keys.table, KeyTable::Memory(_)), number < 1_000, "{number}");
        }
        for number in (1..=count).step_by(97) {
            assert_eq!(keys.insert(&format!("key-{number}"), 7).unwrap(), Some(number));
        }
    }

    proptest! {
        #[test]
        fn the_first_row_is_named_wherever_its_key_is_kept(
            keys in prop::collection::vec(0_u32..400, 1..600),
            bound in 1_usize..60,
        ) {
            let (mut table, mut plain) = (KeyIndex::bounded(bound), std::collections::HashMap::new());
            for (number, key) in (1..).zip(keys) {
                let first = *plain.entry(key).or_insert(number);
                prop_assert_eq!(table.find(&key).unwrap(), Some(first).filter(|first| *first != number));
                prop_assert_eq!(table.insert(&key, number).unwrap(), Some(first).filter(|first| *first != number));
            }
        }
    }
}
