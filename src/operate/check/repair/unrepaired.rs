//! What a repair leaves as it is, and why: the messages that the check still has about the new rows.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;

/// The codes of messages that a repair leaves, with the reason.
const WHY: [(&str, &str); 33] = [
    ("ambiguous-date", "day and month may be exchanged, and the file does not show which is which"),
    ("bad-identity", "only the document shows the right digit"),
    ("bad-row", "its form is wrong, and the right one is not certain"),
    ("bad-value", "no single correction is certain"),
    ("blank-cell", "the missing value is not in the file"),
    ("cell-type", "no single correction is certain"),
    ("duplicate-key", "only you know which of the rows you want"),
    ("full-width", "the column declares no form: declare `pattern`, `one_of` or a type"),
    ("lost-zeros", "its length is not declared: declare `length`, and the zeros are restored"),
    ("missing-column", "it is not clear which column is the right one"),
    ("orphan", "it is not clear which row it belongs to"),
    ("rounded-number", "the lost digits are not in the file"),
    ("small-letter", "another file or a bound of the column has the same spelling"),
    ("stray-blank", "without the blanks it would be another value, or blank"),
    ("unseen-character", "inside a text it may be intended, or replace a blank"),
    ("bad-header", "it is not clear which header is the right one"),
    ("alike-key", "it is not clear which of the two is the right one"),
    ("changed-code", "the original is not in the file"),
    ("cut-text", "the part that was cut off is not in the file"),
    ("date-number", "the file does not show how the program counts days"),
    ("error-word", "the value is not in the file"),
    ("escaped-text", "it may be intended"),
    ("float-tail", "the column does not hold identifiers, or it is matched with another file"),
    ("foreign-letter", "the letter may be intended"),
    ("formula-text", "the result of the formula is not in the file"),
    ("garbled-text", "the original is no longer certain"),
    ("grouped-number", "it may be two numbers, or a fraction"),
    ("midnight", "the form of its dates is not declared: declare `type: date`"),
    ("missing-word", "a blank may not be intended"),
    ("mixed-unit", "the unit of the other cells is unknown"),
    ("object-text", "the value is not in the file"),
    ("short-year", "the century is unknown"),
    ("zero-date", "a blank may not be intended"),
];

/// The messages that a repair leaves, counted by code.
#[derive(Debug, Clone, Default)]
pub struct Unrepaired {
    counts: BTreeMap<&'static str, (usize, &'static str)>,
}

impl Unrepaired {
    /// Counts the messages about repaired rows.
    #[must_use]
    pub(crate) fn of(diagnostics: &Diagnostics) -> Self {
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
