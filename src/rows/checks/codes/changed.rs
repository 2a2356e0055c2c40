//! Codes that a spreadsheet has converted: `MAR1` to a date, `true` to a truth value.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The codes of a column.
#[derive(Default)]
pub(in crate::rows::checks) struct ChangedCodes {
    dates: Finding,
    truths: Finding,
    others: u64,
}

impl ChangedCodes {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        if (shape.is_code() || shape.is_short_and_wide()) && is_day(text) {
            self.dates.add(locate);
        } else if matches!(text, "TRUE" | "FALSE") {
            self.truths.add(locate);
        } else {
            self.others += 1;
        }
    }

    /// Warns of a few dates or truth values among codes. A column of nothing else is taken as meant.
    pub(in crate::rows::checks) fn report(&self, column: &str, purpose: ColumnPurpose) -> Option<Diagnostic> {
        let mut all = Finding::default();
        if purpose.named || self.others > self.dates.count {
            all.merge(&self.dates);
        }
        if self.others > self.truths.count {
            all.merge(&self.truths);
        }
        all.warning(
            "changed-code",
            column,
            [
                "is a code that a spreadsheet has made a date or a truth value of",
                "are codes that a spreadsheet has made dates or truth values of",
            ],
            "The originals are not in the file: format the column as text in the spreadsheet, take the codes from \
             their source again, and export it anew",
        )
    }
}

/// Whether a text is a day without a year, as a spreadsheet shows it: `5-Mar`, `Mar-05`, `3月5日`.
fn is_day(text: &str) -> bool {
    let month = |part: &str| part.len() == 3 && MONTHS.contains(&part.to_ascii_lowercase().as_str());
    let number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let capital = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase()) && part[1..].bytes().all(|byte| byte.is_ascii_lowercase())
    };
    if let Some((one, other)) = text.split_once('-') {
        let (name, digits) = if number(one) { (other, one) } else { (one, other) };
        return month(name) && capital(name) && number(digits);
    }
    let parts = text.strip_suffix('日').and_then(|text| text.split_once('月'));
    parts.is_some_and(|(one, other)| number(one) && number(other))
}
