//! Checksums of what a journal holds, so that a changed byte is found before anything is built on it.

/// FNV-1a over parts, each with its length, so that no part runs into the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checksum(u64);

impl Checksum {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn bytes(mut self, part: &[u8]) -> Self {
        self.take(part);
        self.take(&(part.len() as u64).to_le_bytes());
        self
    }

    pub(super) fn text(self, part: &str) -> Self {
        self.bytes(part.as_bytes())
    }

    pub(super) fn number(mut self, part: i64) -> Self {
        self.take(&part.to_le_bytes());
        self
    }

    pub(super) fn maybe(self, part: Option<&str>) -> Self {
        part.map_or(self.number(0), |part| self.number(1).text(part))
    }

    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// As it stands in a column.
    pub(super) fn sum(self) -> i64 {
        self.0.cast_signed()
    }
}

/// The checksum of an entry.
pub(super) fn of_entry(seq: i64, scope: i64, at: i64, facts: &str) -> i64 {
    Checksum::new().number(seq).number(scope).number(at).text(facts).sum()
}

/// The checksum of a frozen row.
pub(super) fn of_row(numbers: [i64; 2], key: &str, raw: &[u8], cells: &str, invalid: Option<&str>) -> i64 {
    let numbered = Checksum::new().number(numbers[0]).number(numbers[1]);
    numbered.text(key).bytes(raw).text(cells).maybe(invalid).sum()
}

/// The checksum of an effect: its key, and which call of which scope makes it.
pub(super) fn of_effect(key: &[u8], scope: i64, call: [u32; 2], undo: bool) -> i64 {
    let [step, item] = call.map(i64::from);
    Checksum::new().bytes(key).number(scope).number(step).number(item).number(undo.into()).sum()
}

/// The checksum of a named value or of a row's end.
pub(super) fn of_pair(name: &str, value: &str) -> i64 {
    Checksum::new().text(name).text(value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_and_its_place_count() {
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
}
