//! The keys seen so far: 16 bytes each, in memory while they are few, beyond that in a scratch file.
//!
//! A key is kept as 96 bits of a hash under keys drawn at start, and the number of its row. Two different keys among
//! a million meet with a chance under 10⁻¹⁷, and the file's author cannot aim for it, so no text is kept to compare.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::io;

use super::spilled::Spilled;
use crate::diagnostic::Diagnostic;

/// Keys that are kept in memory; when more come, all go to the scratch file.
const IN_MEMORY: usize = 1 << 14;

/// The slots of the table when its first key comes; a power of two.
const FIRST_SLOTS: usize = 64;

/// A slot: a hash and the row's number; all zero where free.
pub(in crate::rows) type Slot = [u32; 4];

/// The keys seen so far, whatever their number.
pub struct Keys {
    hashers: (RandomState, RandomState),
    table: Table,
    bound: usize,
}

enum Table {
    Memory(Memory),
    Spilled(Spilled),
}

impl Default for Keys {
    fn default() -> Self {
        Self::bounded(IN_MEMORY)
    }
}

impl Keys {
    fn bounded(bound: usize) -> Self {
        Self { hashers: (RandomState::new(), RandomState::new()), table: Table::Memory(Memory::default()), bound }
    }

    /// Takes a key in; gives the number of the row that had it first, where one had.
    ///
    /// # Errors
    /// The scratch file could not be written or read.
    pub fn insert<K: Hash + ?Sized>(&mut self, key: &K, number: u64) -> io::Result<Option<u64>> {
        let slot = self.slot(key, number);
        let there = match &mut self.table {
            Table::Memory(memory) => memory.insert(slot),
            Table::Spilled(spilled) => spilled.insert(slot)?,
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
            Table::Memory(memory) => memory.find(&slot),
            Table::Spilled(spilled) => spilled.find(&slot)?,
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
        let Table::Memory(memory) = &self.table else { return Ok(()) };
        if memory.used < self.bound {
            return Ok(());
        }
        // Without room for a scratch file the keys stay where they are: the check goes on and takes more memory.
        match Spilled::new(memory, self.bound) {
            Ok(spilled) => self.table = Table::Spilled(spilled),
            Err(_) => self.bound = usize::MAX,
        }
        Ok(())
    }
}

/// Whether a slot holds a key.
pub(in crate::rows) fn is_taken(slot: &Slot) -> bool {
    slot[3] != 0
}

/// Where a key's search begins among so many slots.
pub(in crate::rows) fn home(slot: &Slot, slots: usize) -> usize {
    ((u64::from(slot[0]) * slots as u64) >> 32) as usize
}

/// Whether two slots hold the same key.
pub(in crate::rows) fn is_same(one: &Slot, other: &Slot) -> bool {
    one[..3] == other[..3]
}

/// A table in memory.
#[derive(Clone, Default)]
pub(in crate::rows) struct Memory {
    slots: Vec<Slot>,
    used: usize,
}

impl Memory {
    pub(in crate::rows) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// How many keys it holds.
    pub(in crate::rows) fn used(&self) -> usize {
        self.used
    }

    /// The keys that it holds.
    pub(in crate::rows) fn taken(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| is_taken(slot))
    }

    /// Empties it.
    pub(in crate::rows) fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.used = 0;
    }

    /// Takes a key in; gives the number of the row that had it first, where one had.
    pub(in crate::rows) fn insert(&mut self, slot: Slot) -> Option<u32> {
        if self.used * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let at = self.place_of(&slot);
        if is_taken(&self.slots[at]) {
            return Some(self.slots[at][3]);
        }
        self.slots[at] = slot;
        self.used += 1;
        None
    }

    /// The number of the row that has a key.
    pub(in crate::rows) fn find(&self, slot: &Slot) -> Option<u32> {
        let at = (!self.slots.is_empty()).then(|| self.place_of(slot))?;
        is_taken(&self.slots[at]).then(|| self.slots[at][3])
    }

    /// Where the key is, or where it goes.
    fn place_of(&self, slot: &Slot) -> usize {
        let mut at = home(slot, self.slots.len());
        while is_taken(&self.slots[at]) && !is_same(&self.slots[at], slot) {
            at = (at + 1) % self.slots.len();
        }
        at
    }

    fn grow(&mut self) {
        let count = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); count]);
        for slot in old.into_iter().filter(is_taken) {
            let at = self.place_of(&slot);
            self.slots[at] = slot;
        }
    }
}

/// A key's part as it is kept: a blank cell, of whichever blanks, is an empty part.
pub(in crate::rows) fn part(cell: &str) -> &str {
    if cell.trim().is_empty() { "" } else { cell }
}

/// Several cells as one key; a part's own `:` and `\` are escaped, so that no two rows can be confused. A part may be
/// empty: `a:` and `:a` are other keys than `a`, and than each other.
pub(in crate::rows) fn joined(parts: &[impl AsRef<str>]) -> String {
    match parts {
        [single] => single.as_ref().to_owned(),
        several => {
            let escaped: Vec<String> =
                several.iter().map(|part| part.as_ref().replace('\\', "\\\\").replace(':', "\\:")).collect();
            escaped.join(":")
        }
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
            let mut keys = Keys::bounded(bound);
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
        let mut keys = Keys::bounded(1_000);
        let count = 40_000_u64;
        for number in 1..=count {
            assert_eq!(keys.insert(&format!("key-{number}"), number).unwrap(), None);
            assert_eq!(matches!(keys.table, Table::Memory(_)), number < 1_000, "{number}");
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
            let (mut table, mut plain) = (Keys::bounded(bound), std::collections::HashMap::new());
            for (number, key) in (1..).zip(keys) {
                let first = *plain.entry(key).or_insert(number);
                prop_assert_eq!(table.find(&key).unwrap(), Some(first).filter(|first| *first != number));
                prop_assert_eq!(table.insert(&key, number).unwrap(), Some(first).filter(|first| *first != number));
            }
        }

        #[test]
        fn composite_keys_are_never_confused(left in prop::collection::vec("[a:\\\\]{0,3}", 2), right in prop::collection::vec("[a:\\\\]{0,3}", 2)) {
            prop_assert_eq!(left == right, joined(&left) == joined(&right));
        }
    }
}
