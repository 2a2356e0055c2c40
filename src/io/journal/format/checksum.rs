//! Checksums of a journal's rows, entries and values, so that a changed byte is found before anything is built on it.
//!
//! They are 64-bit FNV-1a and stand in every journal on disk: another function would need a new format.

/// FNV-1a over parts, each followed by its length, so that parts cannot run into each other.
#[derive(Debug, Clone, Copy)]
struct Checksum(u64);

const START: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Takes the parts of a checksum's input, in the order in which they count.
trait ChecksumInput {
    fn take(&mut self, bytes: &[u8]);

    fn bytes(&mut self, part: &[u8]) {
        self.take(part);
        self.take(&(part.len() as u64).to_le_bytes());
    }

    fn number(&mut self, part: i64) {
        self.take(&part.to_le_bytes());
    }

    fn entry(&mut self, seq: i64, scope: i64, at: i64, facts: &str) {
        [seq, scope, at].into_iter().for_each(|number| self.number(number));
        self.bytes(facts.as_bytes());
    }

    fn row(&mut self, numbers: [i64; 2], key: &str, raw: &[u8], cells: &str, invalid: Option<&str>) {
        numbers.into_iter().for_each(|number| self.number(number));
        self.bytes(key.as_bytes());
        self.bytes(raw);
        self.bytes(cells.as_bytes());
        self.number(invalid.is_some().into());
        invalid.into_iter().for_each(|why| self.bytes(why.as_bytes()));
    }
}

impl ChecksumInput for Checksum {
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

impl ChecksumInput for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

fn sum(fill: impl FnOnce(&mut Checksum)) -> i64 {
    let mut checksum = Checksum(START);
    fill(&mut checksum);
    checksum.0.cast_signed()
}

/// The checksum of an entry.
pub(in crate::io::journal) fn of_entry(seq: i64, scope: i64, at: i64, facts: &str) -> i64 {
    sum(|sum| sum.entry(seq, scope, at, facts))
}

/// The checksum of an effect: its key, and the call and scope that make it.
pub(in crate::io::journal) fn of_effect(key: &[u8], scope: i64, call: [u32; 2], undo: bool) -> i64 {
    let [step, item] = call.map(i64::from);
    sum(|sum| {
        sum.bytes(key);
        [scope, step, item, undo.into()].into_iter().for_each(|number| sum.number(number));
    })
}

/// The checksum of a named value, or of a row's position and outcome.
pub(in crate::io::journal) fn of_pair(name: &str, value: &str) -> i64 {
    sum(|sum| {
        sum.bytes(name.as_bytes());
        sum.bytes(value.as_bytes());
    })
}

/// How many checksums are computed at the same time.
const LANES: usize = 4;

/// Bytes gathered until their checksums are computed.
const CAPACITY: usize = 64 * 1024;

/// Computes many checksums at the same time. A single one is slow, as each byte depends on the one before.
#[derive(Debug, Default)]
pub(in crate::io::journal) struct ParallelChecksums {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    sums: Vec<i64>,
}

/// A checksum that is being computed.
#[derive(Clone, Copy)]
struct Lane<'b> {
    place: usize,
    sum: u64,
    rest: &'b [u8],
}

impl ParallelChecksums {
    /// Whether the checksums should be computed before more is added.
    pub(in crate::io::journal) fn is_full(&self) -> bool {
        self.bytes.len() >= CAPACITY
    }

    /// The facts of the entry that was added at `place`, counted from 0.
    pub(in crate::io::journal) fn facts(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        let number = size_of::<i64>();
        std::str::from_utf8(&self.bytes[start + 3 * number..self.ends[place] - number]).unwrap_or_default()
    }

    /// Removes everything that was added.
    pub(in crate::io::journal) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds an entry.
    pub(in crate::io::journal) fn add_entry(&mut self, seq: i64, scope: i64, at: i64, facts: &str) {
        self.bytes.entry(seq, scope, at, facts);
        self.ends.push(self.bytes.len());
    }

    /// Adds a row.
    pub(in crate::io::journal) fn add_row(
        &mut self,
        numbers: [i64; 2],
        key: &str,
        raw: &[u8],
        cells: &str,
        invalid: Option<&str>,
    ) {
        self.bytes.row(numbers, key, raw, cells, invalid);
        self.ends.push(self.bytes.len());
    }

    /// Computes the checksums of everything that was added, in that order.
    pub(in crate::io::journal) fn compute(&mut self) -> &[i64] {
        let (bytes, ends) = (&self.bytes, &self.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let mut waiting = starts.zip(ends).map(|(start, end)| &bytes[start..*end]).enumerate();
        self.sums.clear();
        self.sums.resize(ends.len(), 0);
        let mut lanes = Vec::with_capacity(LANES);
        loop {
            let free = LANES - lanes.len();
            lanes.extend(waiting.by_ref().take(free).map(|(place, rest)| Lane { place, sum: START, rest }));
            let Some(count) = lanes.iter().map(|lane| lane.rest.len()).min() else { break };
            match lanes.len() {
                1 => advance::<1>(&mut lanes, count),
                2 => advance::<2>(&mut lanes, count),
                3 => advance::<3>(&mut lanes, count),
                _ => advance::<LANES>(&mut lanes, count),
            }
            for lane in lanes.iter().filter(|lane| lane.rest.is_empty()) {
                self.sums[lane.place] = lane.sum.cast_signed();
            }
            lanes.retain(|lane| !lane.rest.is_empty());
        }
        &self.sums
    }
}

/// Advances each of the first `N` lanes by `count` bytes. Uses indices, as zipped slices are fast only when inlined.
#[allow(clippy::needless_range_loop)]
fn advance<const N: usize>(lanes: &mut [Lane<'_>], count: usize) {
    let Some(lanes) = lanes.first_chunk_mut::<N>() else { return };
    let taken = lanes.map(|lane| &lane.rest[..count]);
    let mut sums = lanes.map(|lane| lane.sum);
    for at in 0..count {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum = (*sum ^ u64::from(taken[lane][at])).wrapping_mul(PRIME);
        }
    }
    for (lane, sum) in lanes.iter_mut().zip(sums) {
        (lane.sum, lane.rest) = (sum, &lane.rest[count..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_row(numbers: [i64; 2], key: &str, raw: &[u8], cells: &str, invalid: Option<&str>) -> i64 {
        sum(|sum| sum.row(numbers, key, raw, cells, invalid))
    }

    #[test]
    fn a_change_of_any_part_or_of_their_order_changes_the_checksum() {
        let sums = [
            of_entry(1, 2, 3, "[]"),
            of_entry(2, 1, 3, "[]"),
            of_entry(1, 2, 3, "[ ]"),
            of_row([1, 2], "ab", b"c", "{}", None),
            of_row([1, 2], "a", b"bc", "{}", None),
            of_row([1, 2], "ab", b"c", "{}", Some("")),
            of_effect(b"ab", 1, [2, 3], false),
            of_effect(b"ab", 1, [3, 2], false),
            of_effect(b"ab", 1, [2, 3], true),
            of_pair("a", "bc"),
            of_pair("ab", "c"),
        ];
        let different: std::collections::BTreeSet<i64> = sums.into_iter().collect();
        assert_eq!(different.len(), sums.len());
    }

    #[test]
    fn checksums_stay_the_same_from_version_to_version() {
        assert_eq!(of_pair("", ""), -8_637_869_204_239_850_395);
        assert_eq!(of_entry(1, 2, 3, "[]"), 1_815_606_030_372_193_127);
        assert_eq!(of_row([1, 2], "ab", b"c", "{}", None), -6_360_503_465_959_420_721);
        assert_eq!(of_row([1, 2], "ab", b"c", "{}", Some("x")), 3_750_887_461_299_840_003);
        assert_eq!(of_effect(b"ab", 1, [2, 3], true), 8_211_515_645_594_796_041);
    }

    proptest! {
        #[test]
        fn checksums_computed_together_equal_those_computed_alone(texts in prop::collection::vec("\\PC{0,40}", 0..12)) {
            let mut sums = ParallelChecksums::default();
            for text in ["left over", "from before"] {
                sums.add_entry(0, 0, 0, text);
            }
            sums.clear();
            let mut alone = Vec::new();
            for (number, text) in (1..).zip(&texts) {
                sums.add_entry(number, 2, 3, text);
                sums.add_row([number, 7], "key", text.as_bytes(), text, Some(text));
                alone.push(of_entry(number, 2, 3, text));
                alone.push(of_row([number, 7], "key", text.as_bytes(), text, Some(text)));
            }
            prop_assert_eq!(sums.compute(), &alone);
        }
    }
}
