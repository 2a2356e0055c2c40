//! An index of the keys seen so far: 16 bytes each, in memory up to a bound, then in a scratch file.
//!
//! A key is stored as 96 bits of a randomly seeded hash and its row number. The chance that two of a million different
//! keys collide is under 10⁻¹⁷, and the seed is unknown to the file's author, so no text is stored.
//!
//! An SQLite temporary table was measured instead of the scratch file: for 1,000,000 keys it took three times the
//! processor time and almost twice the memory.

use super::memory::{MemoryTable, Slot};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::io;

use super::spilled::SpilledKeys;
use crate::diagnostic::Diagnostic;

/// The most keys kept in memory; beyond it, all move to the scratch file.
const IN_MEMORY: usize = 1 << 14;

/// Says whether a key was seen before, and in which row, for any number of keys in bounded memory.
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

    /// Inserts a key; returns the row that had it first, if one did.
    ///
    /// # Errors
    /// The scratch file cannot be read or written.
    pub fn insert<K: Hash + ?Sized>(&mut self, key: &K, number: u64) -> io::Result<Option<u64>> {
        let slot = self.slot(key, number);
        let there = match &mut self.table {
            KeyTable::Memory(memory) => memory.insert(slot),
            KeyTable::Spilled(spilled) => spilled.insert(slot)?,
        };
        self.make_room()?;
        Ok(there.map(u64::from))
    }

    /// The row that has a key.
    ///
    /// # Errors
    /// The scratch file cannot be read.
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

    /// Moves a table in memory that has reached its bound to a scratch file.
    fn make_room(&mut self) -> io::Result<()> {
        let KeyTable::Memory(memory) = &self.table else { return Ok(()) };
        if memory.used() < self.bound {
            return Ok(());
        }
        // If no scratch file can be made, the keys stay in memory and the check goes on.
        match SpilledKeys::new(memory, self.bound) {
            Ok(spilled) => self.table = KeyTable::Spilled(spilled),
            Err(_) => self.bound = usize::MAX,
        }
        Ok(())
    }
}

/// The diagnostic for a scratch file that cannot be used.
pub(crate) fn no_scratch(error: &io::Error) -> Diagnostic {
    let message = format!("The keys of a list of this length need a scratch file, which cannot be used: {error}");
    Diagnostic::error("no-scratch", message)
        .help("Make room where temporary files go, or name another folder in `TMPDIR`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_duplicate_names_the_row_that_had_the_key_first() {
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
