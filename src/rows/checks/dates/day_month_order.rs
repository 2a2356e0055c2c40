//! Dates in a text column in both orders: some can only be day first, others only month first.
//!
//! Only then dates that fit both orders are ambiguous; a column in one order is fine.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, Finding, LocateFn};

/// The dates of a column by their order.
#[derive(Default)]
pub(in crate::rows::checks) struct DayMonthOrder {
    day_first: Finding,
    month_first: Finding,
    either: u64,
}

impl DayMonthOrder {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        if !shape.is_dated() {
            return;
        }
        match parts(text) {
            Some((13..=31, 1..=12)) => self.day_first.add(locate),
            Some((1..=12, 13..=31)) => self.month_first.add(locate),
            Some((1..=12, 1..=12)) => self.either += 1,
            _ => {}
        }
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let (fewer, others, words) = if self.day_first.count < self.month_first.count {
            (&self.day_first, &self.month_first, ["day first", "month first"])
        } else {
            (&self.month_first, &self.day_first, ["month first", "day first"])
        };
        let other = others.first.clone()?;
        let told = |verb: &str| {
            let either = match self.either {
                0 => String::new(),
                count => format!(", and {count} more can be read either way"),
            };
            format!("{verb} the {}, {} the {}{either}", words[0], others.count, words[1])
        };
        let help = "Export the column as `YYYY-MM-DD`, and declare it with `type: date` so that each is checked";
        let said = fewer.warning("ambiguous-date", column, [&told("writes"), &told("write")], help)?;
        Some(said.at(other.place, format!("{}, row {}", words[1], other.row)))
    }
}

/// The first two numbers of `1/2/2026`, `01-02-2026` or `1.2.2026`.
fn parts(text: &str) -> Option<(u32, u32)> {
    let mark = text.chars().find(|char| !char.is_ascii_digit())?;
    let mut parts = text.split(mark);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| matches!(part.len(), 1 | 2);
    let sound = parts.next().is_none() && short(first) && short(second) && year.len() == 4;
    let year: u32 = year.parse().ok()?;
    let day = (first.parse().ok()?, second.parse().ok()?);
    (sound && (1900..2200).contains(&year)).then_some(day)
}
