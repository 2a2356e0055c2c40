//! What the rows of one kind of failure have in common, as digests: rows find the number of their kind by it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::LazyLock;

use serde::{Serialize, Serializer};

use crate::report::{FailureKind, RowRecord, message_shape};

/// The secret of the digests. Messages are digested before they are masked; without the secret, nobody can find out by
/// trying which message a digest stands for. It lives as long as the process, and so do the digests.
static SECRET: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// The most keys that are listed of a kind whose messages differ.
const KEYS_OF_A_KIND: usize = 1_000;

/// What rows of one kind of failure have in common, as digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KindKey {
    /// The outcome, the step and the code.
    group: u64,
    /// The shape of the message.
    shape: u64,
}

impl KindKey {
    /// The key of a row; `None` for a row of no kind of failure.
    pub(super) fn of(row: &RowRecord) -> Option<Self> {
        let digest = |what: &dyn Fn(&mut std::hash::DefaultHasher)| {
            let mut hasher = SECRET.build_hasher();
            what(&mut hasher);
            std::hash::Hasher::finish(&hasher)
        };
        row.outcome.is_trouble().then(|| Self {
            group: digest(&|to| (row.outcome.as_str(), &row.step, &row.code).hash(to)),
            shape: digest(&|to| message_shape(row.message.as_deref().unwrap_or_default()).hash(to)),
        })
    }

    /// Its text: 32 hexadecimal digits, of which the first 16 stand for outcome, step and code.
    #[must_use]
    pub(crate) fn text(self) -> String {
        format!("{}{:016x}", self.group_text(), self.shape)
    }

    fn group_text(self) -> String {
        let mut text = String::with_capacity(32);
        // Writing to a text never fails.
        let _ = write!(text, "{:016x}", self.group);
        text
    }
}

impl Serialize for KindKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

/// The keys of the rows that were seen, each with the number of the first row that has it.
#[derive(Debug, Default)]
pub(super) struct KindKeys(HashMap<KindKey, u64>);

impl KindKeys {
    /// Adds a row, in the order of the list. Returns its key.
    pub(super) fn add(&mut self, row: &RowRecord) -> Option<KindKey> {
        let key = KindKey::of(row)?;
        self.0.entry(key).or_insert(row.number);
        Some(key)
    }

    /// The numbers of the kinds that a record lists.
    pub(super) fn numbers(&self, kinds: &[FailureKind]) -> KindNumbers {
        let of_row: HashMap<u64, KindKey> = self.0.iter().map(|(key, row)| (*row, *key)).collect();
        let mut numbers = KindNumbers::default();
        for kind in kinds {
            let Some(key) = of_row.get(&kind.row) else { continue };
            if kind.messages_differ {
                numbers.by_group.insert(key.group, kind.number);
            } else {
                numbers.by_shape.insert(*key, kind.number);
            }
        }
        numbers
    }

    /// The keys of each kind. A kind whose messages differ has many: at most [`KEYS_OF_A_KIND`] are listed, and after them
    /// the part that all of them begin with.
    pub(super) fn listed(&self, kinds: &[FailureKind]) -> Vec<KindRows> {
        let numbers = self.numbers(kinds);
        let mut listed: Vec<KindRows> =
            numbers.by_shape.iter().map(|(key, number)| KindRows { number: *number, rows: key.text() }).collect();
        for (group, number) in &numbers.by_group {
            let mut seen: Vec<KindKey> = self.0.keys().filter(|key| key.group == *group).copied().collect();
            seen.sort_unstable_by_key(|key| self.0.get(key));
            let begin = seen.first().map(|key| KindRows { number: *number, rows: key.group_text() });
            let keys = seen.iter().take(KEYS_OF_A_KIND).map(|key| KindRows { number: *number, rows: key.text() });
            listed.extend(keys.chain(begin));
        }
        listed.sort_by_key(|one| one.number);
        listed
    }
}

/// A kind of failure, and a key that its rows have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct KindRows {
    /// The number of the kind.
    pub number: u64,
    /// The key of its rows. One of 16 digits instead of 32 is the beginning of the keys of its rows.
    pub rows: String,
}

/// The numbers of the kinds that the record lists.
#[derive(Debug, Default)]
pub(super) struct KindNumbers {
    by_shape: HashMap<KindKey, u64>,
    /// Kinds whose messages differ: every message of the group belongs to them.
    by_group: HashMap<u64, u64>,
}

impl KindNumbers {
    /// The number of a kind; 0 if it is not listed.
    pub(super) fn of(&self, kind: KindKey) -> u64 {
        self.by_shape.get(&kind).or_else(|| self.by_group.get(&kind.group)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::GoesOn;
    use crate::model::RowOutcome;
    use crate::report::Failures;

    fn row(number: u64, outcome: RowOutcome, code: &str, message: &str) -> RowRecord {
        RowRecord {
            position: number,
            number,
            key: String::new(),
            raw: bytes::Bytes::new(),
            outcome,
            goes_on: GoesOn::No,
            step: Some("move".to_owned()),
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            request_id: None,
            attempts: 1,
            results: Vec::new(),
            times: None,
        }
    }

    /// The keys of rows, and the kinds that their record lists.
    fn kinds_of(rows: &[RowRecord]) -> (KindKeys, Vec<FailureKind>) {
        let (mut keys, mut failures) = (KindKeys::default(), Failures::default());
        for row in rows {
            keys.add(row);
            failures.add::<std::convert::Infallible>(row, "", || Ok(Default::default())).unwrap();
        }
        (keys, failures.listed(100).0)
    }

    #[test]
    fn a_kind_is_found_by_shape_or_by_group_where_messages_differ() {
        let failed = |number, code: &str, message: &str| row(number, RowOutcome::Failed, code, message);
        let words = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"];
        let mut rows = vec![failed(2, "7", "flow 17 has ended"), failed(3, "7", "flow 99 has ended")];
        rows.push(failed(4, "7", "too late"));
        rows.extend((5..).zip(words).map(|(number, word)| failed(number, "8", word)));
        let (keys, kinds) = kinds_of(&rows);
        let numbers = keys.numbers(&kinds);
        let of = |row: &RowRecord| numbers.of(KindKey::of(row).unwrap());
        assert_eq!((of(&rows[0]), of(&rows[1]), of(&rows[2]), of(&rows[3]), of(&rows[17])), (2, 2, 3, 1, 1));
        assert_eq!(of(&failed(99, "8", "never seen")), 1, "the messages of code 8 differ");
        assert_eq!(of(&failed(99, "9", "b")), 0);

        let listed = keys.listed(&kinds);
        let rows_of = |number: u64| listed.iter().filter(move |one| one.number == number).map(|one| one.rows.clone());
        for row in &rows {
            let key = KindKey::of(row).unwrap().text();
            assert!(rows_of(of(row)).any(|listed| listed == key), "{row:?}");
        }
        assert_eq!((rows_of(1).count(), rows_of(2).count(), rows_of(3).count()), (16, 1, 1));
        let begin = rows_of(1).next_back().unwrap();
        assert!(begin.len() == 16 && rows_of(1).all(|key| key.starts_with(&begin)), "{begin}");
    }

    #[test]
    fn a_list_of_keys_is_bounded_however_many_messages_there_are() {
        let word =
            |number: u64| (0..8).map(|at| char::from(b'a' + (number >> (4 * at) & 15) as u8)).collect::<String>();
        let rows: Vec<RowRecord> = (2..3_000).map(|at| row(at, RowOutcome::Failed, "8", &word(at))).collect();
        let (keys, kinds) = kinds_of(&rows);
        let listed = keys.listed(&kinds);
        assert_eq!((kinds.len(), listed.len()), (1, KEYS_OF_A_KIND + 1));
        assert!(rows.iter().all(|row| KindKey::of(row).unwrap().text().starts_with(&listed[KEYS_OF_A_KIND].rows)));
    }

    #[test]
    fn a_key_is_the_same_text_each_time_and_no_plain_digest_of_the_message() {
        let one = row(2, RowOutcome::Unknown, "7", "gone");
        let text = KindKey::of(&one).unwrap().text();
        assert_eq!(KindKey::of(&one).unwrap().text(), text);
        assert!(text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let mut plain = std::hash::DefaultHasher::new();
        message_shape("gone").hash(&mut plain);
        assert!(!text.ends_with(&format!("{:016x}", std::hash::Hasher::finish(&plain))));
        assert_eq!(KindKey::of(&row(2, RowOutcome::Succeeded, "7", "gone")), None);
    }
}
