//! Random numbers from the seed in the journal: the same place gets the same number again on resume.

/// Deterministic random numbers: each depends on the seed and the place that asks, never on the order of calls.
#[derive(Debug, Clone, Copy)]
pub struct SeededRng(u64);

impl SeededRng {
    /// The generator of one run.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 uniformly distributed bits for a place, such as `[row, step, item, attempt]`.
    #[must_use]
    pub fn roll(self, place: &[u64]) -> u64 {
        place.iter().fold(mix(self.0), |state, part| mix(state ^ mix(*part)))
    }

    /// A number for a place, from 0 (included) to 1 (excluded).
    #[must_use]
    pub fn fraction(self, place: &[u64]) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let bits = (self.roll(place) >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }
}

/// SplitMix64's finisher: every input bit reaches every output bit.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_depend_on_seed_and_place_only() {
        assert_eq!(SeededRng::new(7).roll(&[1, 2]), SeededRng::new(7).roll(&[1, 2]));
        assert_ne!(SeededRng::new(7).roll(&[1, 2]), SeededRng::new(7).roll(&[2, 1]));
        assert_ne!(SeededRng::new(7).roll(&[1, 2]), SeededRng::new(8).roll(&[1, 2]));
    }

    #[test]
    fn fractions_are_spread_evenly() {
        let rng = SeededRng::new(42);
        let sum: f64 = (0..10_000).map(|n| rng.fraction(&[n])).sum();
        assert!((4_900.0..5_100.0).contains(&sum), "{sum}");
        assert!((0..10_000).all(|n| (0.0..1.0).contains(&rng.fraction(&[n]))));
    }

    #[test]
    fn a_resumed_run_rolls_the_numbers_that_earlier_versions_rolled() {
        // The first two outputs of SplitMix64 with the seed 0, from its reference implementation.
        assert_eq!((mix(0), mix(0x9e37_79b9_7f4a_7c15)), (0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4));
        assert_eq!(SeededRng::new(0).roll(&[]), 0xe220_a839_7b1d_cdaf);
        assert_eq!(SeededRng::new(7).roll(&[1, 2]), 0xf239_3773_88b0_1d44);
        assert!((SeededRng::new(7).fraction(&[1, 2]) - 0.946_185_556_131_866_1).abs() < 1e-15);
    }
}
