//! Dates that programs write in another form than the rest of their text column: as numbers, with a year of two digits,
//! or with a midnight behind.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// Serial numbers of a spreadsheet for the days from 1982 to 2064.
const SERIAL: std::ops::Range<u64> = 30_000..60_000;
/// Seconds since 1970, from 2001 to 2065.
const SECONDS: std::ops::Range<u64> = 1_000_000_000..3_000_000_000;

/// The dates of a column by their form.
#[derive(Default)]
pub(in crate::rows::checks) struct DateForms {
    dated: u64,
    others: u64,
    serials: Finding,
    seconds: Finding,
    long_years: u64,
    short_years: Finding,
    midnights: Finding,
    times: u64,
}

impl DateForms {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        if shape.is_digits() || (shape.is_dated() && text.contains('.')) {
            let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
            match whole.parse::<u64>() {
                Ok(number) if SERIAL.contains(&number) => return self.serials.add(locate),
                Ok(number) if text == whole && SECONDS.contains(&number) => return self.seconds.add(locate),
                Ok(number) if text == whole && SECONDS.contains(&(number / 1000)) => return self.seconds.add(locate),
                Ok(_) | Err(_) => {}
            }
        }
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            self.others += 1;
            return;
        }
        let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
        let Some(years) = years(date) else {
            self.others += 1;
            return;
        };
        self.dated += 1;
        match years {
            2 => self.short_years.add(locate),
            _ => self.long_years += 1,
        }
        let zero = time.starts_with("00:00") && time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'));
        match zero {
            true => self.midnights.add(locate),
            false => self.times += u64::from(!time.is_empty()),
        }
    }

    pub(in crate::rows::checks) fn report(
        &self,
        column: &str,
        purpose: ColumnPurpose,
    ) -> impl Iterator<Item = Diagnostic> {
        let mut numbers = Finding::default();
        let among = self.dated > 0 && self.others == 0;
        if among || (purpose.days && self.dated + self.others + self.seconds.count == 0) {
            numbers.merge(&self.serials);
        }
        if among {
            numbers.merge(&self.seconds);
        }
        let numbers = numbers.warning(
            "date-number",
            column,
            ["is a date that a program has written as a number", "are dates that a program has written as numbers"],
            "A spreadsheet counts days from 1900 (45292 is 2024-01-01), other programs seconds from 1970: export the column \
             as `YYYY-MM-DD`, and declare it with `type: date`",
        );
        let years = (self.long_years > 0).then_some(&self.short_years).and_then(|short| {
            short.warning(
                "short-year",
                column,
                [
                    "writes the year in two digits, and the others in four",
                    "write the year in two digits, and the others in four",
                ],
                "Export the column as `YYYY-MM-DD`, and declare it with `type: date` so that each is checked",
            )
        });
        let all = purpose.days && self.times == 0 && self.midnights.count == self.dated;
        let midnights = all.then_some(&self.midnights).and_then(|midnights| {
            midnights.warning(
                "midnight",
                column,
                ["has a midnight behind its day", "have a midnight behind their day"],
                "A database has written days as times, and they would be sent like this: export days, `YYYY-MM-DD`, and declare the \
                 column with `type: date`",
            )
        });
        [numbers, years, midnights].into_iter().flatten()
    }
}

/// The number of digits in a date's year; `None` if the text is no date.
fn years(text: &str) -> Option<usize> {
    let mark = text.chars().find(|c| !c.is_ascii_digit()).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [one, month, other] = parts.as_slice() else { return None };
    let number =
        |part: &str, most: u32| part.len() <= 2 && part.parse::<u32>().is_ok_and(|value| (1..=most).contains(&value));
    let year = |part: &str| part.len() == 4 && part.parse::<u32>().is_ok_and(|year| (1900..2200).contains(&year));
    if year(one) && number(month, 12) && number(other, 31) {
        return Some(4);
    }
    let days = number(one, 31) && number(month, 31);
    match days {
        true if year(other) => Some(4),
        true if other.len() == 2 && other.bytes().all(|byte| byte.is_ascii_digit()) => Some(2),
        _ => None,
    }
}
