//! What a repair leaves as it is, and why: the messages that the check still has about the new rows.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;

/// The codes of messages that a repair leaves, with the reason.
const WHY: [(&str, &str); 33] = [
    ("ambiguous-date", "a day may be a month there, and nothing in the file says which"),
    ("bad-identity", "a wrong digit is known from the document alone"),
    ("bad-row", "its form is wrong, and it is not clear what was meant"),
    ("bad-value", "no other writing of it is surely the one that was meant"),
    ("blank-cell", "what belongs there stands nowhere in the file"),
    ("cell-type", "no other writing of it is surely the one that was meant"),
    ("duplicate-key", "only you know which of the rows is meant"),
    ("full-width", "the column says of no form that it must have: declare `pattern`, `one_of` or a type"),
    ("lost-zeros", "how long it must be is not said: declare `length`, and they are put back"),
    ("missing-column", "it is not clear which column is meant"),
    ("orphan", "it is not clear which row it belongs to"),
    ("rounded-number", "the lost digits stand nowhere in the file"),
    ("small-letter", "another file or a bound of the column holds it so"),
    ("stray-blank", "without the blanks it would be another value, or none"),
    ("unseen-character", "it stands inside a text, where it may be meant or stand for a blank"),
    ("bad-header", "it is not clear which header is meant"),
    ("alike-key", "it is not clear which of the two is meant"),
    ("changed-code", "what it was stands nowhere in the file"),
    ("cut-text", "what was cut off stands nowhere in the file"),
    ("date-number", "how the program counts is not said"),
    ("error-word", "the value stands nowhere in the file"),
    ("escaped-text", "it may be meant as it stands"),
    ("float-tail", "the column does not name things, or it is a tie to another file"),
    ("foreign-letter", "the letter may be meant"),
    ("formula-text", "what the formula comes to stands nowhere in the file"),
    ("garbled-text", "what it was is no more sure"),
    ("grouped-number", "two numbers may be meant, or a fraction"),
    ("midnight", "how the vendor takes days is not said: declare `type: date`"),
    ("missing-word", "a blank may not be what is meant"),
    ("mixed-unit", "which unit the others have is not said"),
    ("object-text", "the value stands nowhere in the file"),
    ("short-year", "the century is not said"),
    ("zero-date", "a blank may not be what is meant"),
];

/// The messages that a repair leaves, counted by code.
#[derive(Debug, Clone, Default)]
pub struct Unrepaired {
    counts: BTreeMap<&'static str, (usize, &'static str)>,
}

impl Unrepaired {
    /// Counts the messages about repaired rows.
    #[must_use]
    pub fn of(diagnostics: &Diagnostics) -> Self {
        let mut left = Self::default();
        for block in diagnostics.blocks() {
            if let Some((code, why)) = WHY.iter().find(|(code, _)| *code == block.first().code) {
                left.counts.entry(code).or_insert((0, why)).0 += block.count();
            }
        }
        left
    }

    /// Iterates over the codes, each with the number of messages and the reason.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, usize, &'static str)> {
        self.counts.iter().map(|(code, (count, why))| (*code, *count, *why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code;

    #[test]
    fn every_reason_is_for_an_existing_code() {
        assert!(WHY.iter().all(|(name, _)| code(name).is_some()));
    }
}
