//! Keys as slots of a table in memory.

/// The slots of the table when its first key comes; a power of two.
const FIRST_SLOTS: usize = 64;

/// A slot: a hash and the row's number; all zero where free.
pub(in crate::rows) type Slot = [u32; 4];

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
pub(in crate::rows) struct MemoryTable {
    slots: Vec<Slot>,
    used: usize,
}

impl MemoryTable {
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
