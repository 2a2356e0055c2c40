//! Texts that were cut at the length that a program takes: 255 characters of old drivers, 32,767 of a workbook's cell.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{Finding, Spot};

/// How many characters an old driver takes of a text; and a workbook's cell.
const LENGTHS: [usize; 2] = [255, 32_767];

/// The long texts of a column.
#[derive(Default)]
pub(in crate::rows::checks) struct Cut {
    short: Finding,
    long: Finding,
    longest: usize,
}

impl Cut {
    pub(in crate::rows::checks) fn look(&mut self, text: &str, spot: &Spot<'_>) {
        let [short, long] = LENGTHS;
        if text.len() < short {
            return;
        }
        let length = text.chars().count();
        self.longest = self.longest.max(length);
        if length == short {
            self.short.add(spot);
        } else if length == long {
            self.long.add(spot);
        }
    }

    /// Several of exactly 255 characters, and none longer, are no accident.
    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let [short, _] = LENGTHS;
        let mut all = Finding::default();
        all.merge(&self.long);
        if self.short.count >= 2 && self.longest == short {
            all.merge(&self.short);
        }
        let words = ["is exactly as long as a program takes", "are exactly as long as a program takes"];
        let help = "What stood behind is gone: old drivers cut at 255 characters, workbooks at 32,767; export the column \
                    with another program";
        all.warning("cut-text", column, words, help)
    }
}
