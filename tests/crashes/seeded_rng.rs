//! Numbers from a seed, for tests that name their seed.

/// Numbers from a seed.
pub(crate) struct SeededRng(pub(crate) u64);

impl SeededRng {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
