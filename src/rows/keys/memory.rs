//! A hash table of keys in memory, with open addressing.

/// Slots of the table once it holds a key; a power of two.
const FIRST_SLOTS: usize = 64;

/// A slot: three words of hash and the row number; all zero if free.
pub(super) type Slot = [u32; 4];

/// Whether a slot holds a key.
pub(super) fn is_taken(slot: &Slot) -> bool {
    slot[3] != 0
}

/// The slot at which the search for a key begins in a table of `slots`.
pub(super) fn home(slot: &Slot, slots: usize) -> usize {
    ((u64::from(slot[0]) * slots as u64) >> 32) as usize
}

/// Whether two slots hold the same key.
pub(super) fn is_same(one: &Slot, other: &Slot) -> bool {
    one[..3] == other[..3]
}

/// A hash table with linear probing.
#[derive(Clone, Default)]
pub(super) struct MemoryTable {
    slots: Vec<Slot>,
    used: usize,
}

impl MemoryTable {
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Number of keys in the table.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// The keys in the table.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| is_taken(slot))
    }

    /// Removes all keys and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.used = 0;
    }

    /// Inserts a key; returns the row that had it first, if one did.
    pub(super) fn insert(&mut self, slot: Slot) -> Option<u32> {
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

    /// The row that has a key.
    pub(super) fn find(&self, slot: &Slot) -> Option<u32> {
        let at = (!self.slots.is_empty()).then(|| self.place_of(slot))?;
        is_taken(&self.slots[at]).then(|| self.slots[at][3])
    }

    /// The slot that holds the key, or the free one for it.
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
