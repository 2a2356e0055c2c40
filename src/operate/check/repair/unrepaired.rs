//! What a repair leaves as it is, and why: the messages that the check still has about the new rows.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;

/// The codes of messages that a repair leaves, with the reason.
const WHY: [(&str, &str); 33] = [
    ("ambiguous-date", "a day may be a month there, and nothing in the file says which"),
    ("bad-identity", "only the document shows which digit is wrong"),
    ("bad-row", "its form is wrong, and the right one is not certain"),
    ("bad-value", "no other spelling of it is certainly the right one"),
    ("blank-cell", "the file does not say what belongs there"),
    ("cell-type", "no other spelling of it is certainly the right one"),
    ("duplicate-key", "only you know which of the rows you want"),
    ("full-width", "the column does not say which form it must have: declare `pattern`, `one_of` or a type"),
    ("lost-zeros", "the column does not say how long it must be: declare `length`, and the zeros are put back"),
    ("missing-column", "it is not clear which column is the right one"),
    ("orphan", "it is not clear which row it belongs to"),
    ("rounded-number", "the file no longer has the lost digits"),
    ("small-letter", "another file or a bound of the column has it like this"),
    ("stray-blank", "without the blanks it would be another value, or none"),
    ("unseen-character", "it is inside a text, where it may be wanted or may replace a space"),
    ("bad-header", "it is not clear which header is the right one"),
    ("alike-key", "it is not clear which of the two is the right one"),
    ("changed-code", "the file does not show what it was"),
    ("cut-text", "the file does not have what was cut off"),
    ("date-number", "the file does not say how the program counts"),
    ("error-word", "the file does not have the value"),
    ("escaped-text", "it may be right as it is"),
    ("float-tail", "the column does not name things, or it is a tie to another file"),
    ("foreign-letter", "the letter may be right"),
    ("formula-text", "the file does not have the result of the formula"),
    ("garbled-text", "it is no longer certain what it was"),
    ("grouped-number", "it may be two numbers, or a fraction"),
    ("midnight", "the playbook does not say how the vendor takes days: declare `type: date`"),
    ("missing-word", "a blank may be wrong"),
    ("mixed-unit", "the file does not say which unit the others have"),
    ("object-text", "the file does not have the value"),
    ("short-year", "the file does not say the century"),
    ("zero-date", "a blank may be wrong"),
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
