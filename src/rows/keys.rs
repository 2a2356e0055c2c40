//! The keys seen so far: 16 bytes each, so that a million keys need no million texts in memory.
//!
//! A key is kept as 96 bits of a hash under keys drawn at start, and the number of its row. Two different keys among
//! a million meet with a chance under 10⁻¹⁷, and the file's author cannot aim for it, so no text is kept to compare.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// How many parts the table has; each grows on its own, so growing never doubles the memory.
const PARTS: usize = 256;
/// The slots of a part when its first key comes.
const FIRST_SLOTS: usize = 8;

/// A slot: a hash and the row's number; all zero where free.
type Slot = [u32; 4];

/// The keys seen so far.
pub(super) struct Keys {
    hashers: (RandomState, RandomState),
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    slots: Vec<Slot>,
    used: usize,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            hashers: (RandomState::new(), RandomState::new()),
            parts: std::iter::repeat_with(Part::default).take(PARTS).collect(),
        }
    }
}

impl Keys {
    /// Takes a key in; gives the number of the row that had it first, where one had.
    pub(super) fn insert(&mut self, key: &str, number: u64) -> Option<u64> {
        let (first, second) = (self.hashers.0.hash_one(key), self.hashers.1.hash_one(key));
        let part = &mut self.parts[(second >> 32) as usize % PARTS];
        let low = |wide: u64| (wide & u64::from(u32::MAX)) as u32;
        let number = u32::try_from(number).unwrap_or(u32::MAX).max(1);
        part.insert([low(first >> 32), low(first), low(second), number]).map(u64::from)
    }
}

impl Part {
    fn insert(&mut self, slot: Slot) -> Option<u32> {
        if self.used * 8 >= self.slots.len() * 7 {
            self.grow();
        }
        let at = self.place_of(slot);
        let there = self.slots[at][3];
        if there != 0 {
            return Some(there);
        }
        self.slots[at] = slot;
        self.used += 1;
        None
    }

    /// Where the key is, or where it goes.
    fn place_of(&self, slot: Slot) -> usize {
        let count = self.slots.len();
        let mut at = ((u64::from(slot[0]) * count as u64) >> 32) as usize;
        while self.slots[at][3] != 0 && self.slots[at][..3] != slot[..3] {
            at = (at + 1) % count;
        }
        at
    }

    fn grow(&mut self) {
        let count = (self.slots.len() + self.slots.len() / 4).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); count]);
        for slot in old.into_iter().filter(|slot| slot[3] != 0) {
            let at = self.place_of(slot);
            self.slots[at] = slot;
        }
    }
}

/// Several cells as one key; a part's own `:` and `\` are escaped, so that no two rows can be confused.
pub(super) fn joined(parts: &[impl AsRef<str>]) -> String {
    match parts {
        [single] => single.as_ref().to_owned(),
        several => {
            let escaped: Vec<String> =
                several.iter().map(|part| part.as_ref().replace('\\', "\\\\").replace(':', "\\:")).collect();
            escaped.join(":")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_second_time_names_the_first_row() {
        let mut keys = Keys::default();
        assert_eq!(keys.insert("a", 2), None);
        assert_eq!(keys.insert("b", 3), None);
        assert_eq!(keys.insert("a", 4), Some(2));
        assert_eq!(keys.insert("a", 5), Some(2));
        assert_eq!(keys.insert("", 6), None);
    }

    #[test]
    fn many_keys_stay_apart_and_small() {
        let mut keys = Keys::default();
        let count = 200_000_u64;
        for number in 1..=count {
            assert_eq!(keys.insert(&format!("key-{number}"), number), None);
        }
        for number in (1..=count).step_by(997) {
            assert_eq!(keys.insert(&format!("key-{number}"), 7), Some(number));
        }
        let slots: usize = keys.parts.iter().map(|part| part.slots.len()).sum();
        assert!(slots as u64 * 16 < count * 26, "{slots} slots");
    }

    proptest! {
        #[test]
        fn composite_keys_are_never_confused(left in prop::collection::vec("[a:\\\\]{0,3}", 2), right in prop::collection::vec("[a:\\\\]{0,3}", 2)) {
            prop_assert_eq!(left == right, joined(&left) == joined(&right));
        }
    }
}
