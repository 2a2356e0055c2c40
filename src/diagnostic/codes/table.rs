//! The table of codes, read once from `codes.md`.

use std::sync::OnceLock;

use super::entry::{Entry, read_entries};

/// Every code of a diagnostic, group by group.
#[must_use]
pub fn codes() -> &'static [Entry] {
    static CODES: OnceLock<Vec<Entry>> = OnceLock::new();
    CODES.get_or_init(|| read_entries(include_str!("codes.md")))
}

/// What a code means.
#[must_use]
pub fn code(name: &str) -> Option<&'static Entry> {
    codes().iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_explained_in_full_and_once() {
        let mut seen = BTreeSet::new();
        for entry in codes() {
            assert!(entry.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", entry.name);
            assert!(seen.insert(entry.name), "`{}` stands twice", entry.name);
            assert!(!entry.meaning.is_empty() && !entry.example.is_empty() && !entry.advice.is_empty(), "{entry:?}");
        }
    }

    #[test]
    fn a_code_that_is_none_is_not_found() {
        assert_eq!(code("bad-weather"), None);
        assert_eq!(code("blank-cell").map(|entry| entry.name), Some("blank-cell"));
    }
}
