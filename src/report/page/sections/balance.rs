//! The balance sheet: the rows of each outcome as a sum that adds up to all rows.

use std::io::{self, Write};

use crate::model::RowOutcome;
use crate::report::RunRecord;
use crate::report::grouped_number::grouped;
use crate::report::page::language::PageLanguage;

/// The width of the bar in its own units.
const WIDTH: u64 = 1_000;
/// The least width of an outcome that has rows.
const NARROWEST: u64 = 6;

/// Writes the bar and the sum.
pub(super) fn write_balance(out: &mut dyn Write, record: &RunRecord, language: PageLanguage) -> io::Result<()> {
    let at_rest = record.rows_at_rest();
    let ended = RowOutcome::READING_ORDER.into_iter().map(|outcome| Summand {
        class: outcome.as_str(),
        name: language.outcome(outcome),
        link: format!("#outcome={}", outcome.as_str()),
        count: at_rest.of(outcome),
    });
    let under_way = Summand {
        class: "under_way",
        name: language.choose("under way", "进行中"),
        link: "#open=1".to_owned(),
        count: record.rows_under_way(),
    };
    let counted: Vec<Summand> = ended.chain([under_way]).filter(|part| part.count > 0).collect();
    if counted.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = counted.iter().map(|part| format!("{} {}", grouped(part.count), part.name)).collect();
    writeln!(
        out,
        "<svg class=\"share\" viewBox=\"0 0 {WIDTH} 14\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        told.join(", ")
    )?;
    let mut at = 0;
    let counts: Vec<u64> = counted.iter().map(|part| part.count).collect();
    for (part, width) in counted.iter().zip(widths(&counts)) {
        writeln!(out, "<rect class=\"{}\" x=\"{at}\" y=\"0\" width=\"{width}\" height=\"14\"/>", part.class)?;
        at += width;
    }
    writeln!(out, "</svg>\n<ul class=\"balance\">")?;
    let mut sign = "";
    for Summand { class, name, link, count } in &counted {
        writeln!(
            out,
            "<li>{sign}<a class=\"sum {class}\" href=\"{link}\"><b>{}</b><span>{name}</span></a></li>",
            grouped(*count)
        )?;
        sign = "<span aria-hidden=\"true\">+</span>";
    }
    let all = language.choose("rows", "行");
    writeln!(
        out,
        "<li><span aria-hidden=\"true\">=</span><span class=\"sum total\"><b>{}</b><span>{all}</span></span></li>\n</ul>",
        grouped(record.rows.total)
    )
}

/// A part of the sum.
struct Summand {
    class: &'static str,
    name: &'static str,
    /// The address of its rows in the page.
    link: String,
    count: u64,
}

/// The widths of the bar's parts, which fill it. What has few rows is still seen.
fn widths(counts: &[u64]) -> Vec<u64> {
    let total: u64 = counts.iter().sum();
    let share = |count: u64| {
        let share = u128::from(count) * u128::from(WIDTH) / u128::from(total.max(1));
        u64::try_from(share).unwrap_or(WIDTH).max(NARROWEST)
    };
    let mut widths: Vec<u64> = counts.iter().map(|count| share(*count)).collect();
    let used: u64 = widths.iter().sum();
    if let Some(widest) = widths.iter_mut().max() {
        *widest = (*widest + WIDTH).saturating_sub(used);
    }
    widths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_bar_is_full_and_shows_every_outcome(counts in prop::collection::vec(1_u64..10_000_000, 1..=8)) {
            let widths = widths(&counts);
            prop_assert_eq!(widths.iter().sum::<u64>(), WIDTH);
            prop_assert!(widths.iter().all(|width| *width >= NARROWEST), "{:?}", widths);
        }
    }

    #[test]
    fn every_outcome_has_its_place_in_the_sum() {
        for outcome in RowOutcome::ALL {
            assert_eq!(
                RowOutcome::READING_ORDER.iter().filter(|placed| **placed == outcome).count(),
                1,
                "{}",
                outcome.as_str()
            );
        }
    }
}
