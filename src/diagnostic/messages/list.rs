//! The messages of a check: collected within bounds, counted by cause, shown together.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::cause::Cause;
use super::cause_group::CauseGroup;
use super::message::{Diagnostic, Severity};
use super::render;
use crate::model::Value;

/// The most messages of each severity that are kept; further ones are only counted.
pub(super) const MOST_KEPT: usize = 10_000;
/// The most messages with one cause that are kept.
pub(super) const MOST_OF_A_CAUSE: usize = 1_000;
/// The most causes that are counted separately.
const MOST_CAUSES: usize = 20_000;

/// The messages of a check, in the order of finding.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    tally: Box<Tally>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// Counts messages by cause.
#[derive(Debug, Clone, Default)]
struct Tally {
    /// The index in `counts` of the cause of each kept message.
    causes: Vec<usize>,
    /// The number of messages with each cause.
    counts: Vec<usize>,
    known: HashMap<Cause, usize>,
}

impl Diagnostics {
    /// An empty list.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a message.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.add(diagnostic);
    }

    /// Adds a message; returns the index of its cause in `counts`. `None` if there are too many causes, and the message
    /// is only counted.
    fn add(&mut self, diagnostic: Diagnostic) -> Option<usize> {
        let of_severity = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        };
        *of_severity += 1;
        let room = *of_severity <= MOST_KEPT;
        let next = self.tally.known.len();
        let at = match self.tally.known.entry(Cause::of(&diagnostic)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(_) if next >= MOST_CAUSES => return None,
            Entry::Vacant(new) => {
                self.tally.counts.push(0);
                *new.insert(next)
            }
        };
        self.tally.counts[at] += 1;
        // At least the first message of each cause is kept.
        if (room && self.tally.counts[at] <= MOST_OF_A_CAUSE) || self.tally.counts[at] == 1 {
            self.tally.causes.push(at);
            self.kept.push(diagnostic);
        }
        Some(at)
    }

    /// Adds all messages of another list, including those that it only counts.
    pub(crate) fn append(&mut self, other: Self) {
        let all = [self.errors + other.errors, self.warnings + other.warnings, self.notes + other.notes];
        let Tally { causes, counts: mut unkept, .. } = *other.tally;
        let mut own = HashMap::new();
        for (diagnostic, at) in other.kept.into_iter().zip(causes) {
            unkept[at] -= 1;
            own.insert(at, self.add(diagnostic));
        }
        for (at, more) in unkept.into_iter().enumerate() {
            if let Some(Some(at)) = own.get(&at) {
                self.tally.counts[*at] += more;
            }
        }
        [self.errors, self.warnings, self.notes] = all;
    }

    /// Removes the messages with this code about this part of rows, because a later message explains them all.
    pub(crate) fn retract(&mut self, code: &str, about: &str) {
        let is = |one: &Diagnostic| one.code == code && one.row.is_some() && one.about.as_deref() == Some(about);
        let found = self.kept.iter().zip(&self.tally.causes).filter(|(one, _)| is(one));
        let found: HashMap<usize, Severity> = found.map(|(one, at)| (*at, one.severity)).collect();
        for (at, severity) in found {
            let of_severity = match severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
                Severity::Note => &mut self.notes,
            };
            *of_severity -= std::mem::take(&mut self.tally.counts[at]);
        }
        let Tally { causes, counts, .. } = self.tally.as_mut();
        let left = self.kept.drain(..).zip(causes.drain(..)).filter(|(_, at)| counts[*at] > 0);
        let (kept, left) = left.collect::<Vec<_>>().into_iter().unzip();
        (self.kept, *causes) = (kept, left);
    }

    /// Whether there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The number of errors, including those not kept.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// The number of warnings, including those not kept.
    #[must_use]
    pub fn warning_count(&self) -> usize {
        self.warnings
    }

    /// The kept errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The kept messages, in the order of finding.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// The kept messages after the first `count`, for changing them.
    pub(crate) fn from(&mut self, count: usize) -> &mut [Diagnostic] {
        self.kept.get_mut(count..).unwrap_or_default()
    }

    /// Turns the kept warnings with this code into errors.
    pub(crate) fn harden(&mut self, code: &str) {
        let warnings = self.kept.iter_mut().filter(|one| one.code == code && one.severity == Severity::Warning);
        for warning in warnings {
            warning.severity = Severity::Error;
            self.warnings -= 1;
            self.errors += 1;
        }
    }

    /// Whether there are no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of messages, including those not kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// The messages grouped by cause. Groups are in the order of their first message, sorted by line within a file;
    /// files are in the order of their first message.
    #[must_use]
    pub(crate) fn blocks(&self) -> Vec<CauseGroup<'_>> {
        let mut blocks: Vec<CauseGroup<'_>> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for (diagnostic, cause) in self.in_file_order() {
            match places.get(&cause) {
                Some(place) => blocks[*place].all.push(diagnostic),
                None => {
                    places.insert(cause, blocks.len());
                    blocks.push(CauseGroup { all: vec![diagnostic], count: self.tally.counts[cause] });
                }
            }
        }
        blocks
    }

    /// All messages as text for a terminal of `width` columns, one block for each cause: file, line, column, the line,
    /// a caret, the help.
    #[must_use]
    pub fn render(&self, color: bool, width: usize) -> String {
        render::render(&self.blocks(), self.len(), color, width)
    }

    /// A JSON array with one object for each cause, by file. It lists up to a thousand messages of a cause, and counts
    /// them all.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.blocks().iter().map(CauseGroup::to_json).collect()
    }

    /// [`Diagnostics::to_json`] with the first `most` causes only; a last object counts the other messages.
    #[must_use]
    pub(crate) fn to_json_at_most(&self, most: usize) -> Vec<Value> {
        let blocks = self.blocks();
        let shown = &blocks[..blocks.len().min(most)];
        let mut told: Vec<Value> = shown.iter().map(CauseGroup::to_json).collect();
        let more = self.len() - shown.iter().map(|block| block.count).sum::<usize>();
        if more > 0 {
            let message = format!("{more} more messages of this kind are not listed here");
            told.push(Diagnostic::note("more-mistakes", message).to_json());
        }
        told
    }

    /// The messages of each file together, by line; files in the order of their first message, messages without a place
    /// first.
    fn in_file_order(&self) -> Vec<(&Diagnostic, usize)> {
        let mut files: HashMap<&str, usize> = HashMap::new();
        for (place, _) in self.kept.iter().filter_map(|diagnostic| diagnostic.places.first()) {
            let next = files.len();
            files.entry(&place.file).or_insert(next);
        }
        let mut ordered: Vec<(&Diagnostic, usize)> = self.kept.iter().zip(self.tally.causes.iter().copied()).collect();
        ordered.sort_by_key(|(diagnostic, _)| {
            diagnostic.places.first().map(|(place, _)| (files.get(place.file.as_str()), place.line, place.column))
        });
        ordered
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, others: T) {
        others.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{AboutRow, Place, Span};

    fn of_row(number: u64, message: String) -> Diagnostic {
        let place = Place::in_line("rows.csv", usize::try_from(number).unwrap(), "text", Span::new(0, 1));
        let row = AboutRow { number, key: Some(format!("K-{number}")), file: "rows.csv".to_owned() };
        Diagnostic::error("cell-type", message).about("day").of_row(row).at(place, "")
    }

    #[test]
    fn beyond_the_bound_messages_are_only_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..MOST_KEPT + 5).map(|number| Diagnostic::warning("blank-row", format!("w{number}"))));
        assert!(!all.has_errors());
        all.push(Diagnostic::error("bad-row", "e"));
        assert!(all.has_errors());
        assert_eq!(all.len(), MOST_KEPT + 6);
        assert_eq!((all.errors().count(), all.error_count(), all.warning_count()), (1, 1, MOST_KEPT + 5));
        assert!(all.render(false, 80).contains(&format!("… and {} more\n", MOST_KEPT + 6 - 50)));
    }

    #[test]
    fn all_messages_of_a_cause_are_counted_a_thousand_kept_and_three_shown() {
        let mut all = Diagnostics::new();
        all.extend((2..5_002).map(|number| of_row(number, format!("Row {number}: `x{number}` is not a date"))));
        all.push(Diagnostic::error("bad-row", "another"));
        let mut twice = all.clone();
        twice.append(all.clone());
        for (all, count) in [(&all, 5_000), (&twice, 10_000)] {
            let told = all.to_json();
            assert_eq!((told.as_array().unwrap().len(), all.error_count()), (2, count + count / 5_000));
            assert_eq!(
                (&told[1]["count"], &told[1]["row"], &told[1]["key"]),
                (&count.into(), &2.into(), &"K-2".into())
            );
            assert_eq!(told[1]["occurrences"].as_array().unwrap().len(), MOST_OF_A_CAUSE);
            assert_eq!(told[1]["occurrences"][1]["key"], "K-3");
            let shown = all.render(false, 200);
            assert!(shown.contains(&format!("Row 2: `x2` is not a date (key `K-2`); {count} rows in all")), "{shown}");
            assert!(shown.contains("row 4, key `K-4`") && !shown.contains("K-5"), "{shown}");
        }
    }

    /// Asserts `more-mistakes `: a run's summary lists the first causes and counts the rest.
    #[test]
    fn causes_beyond_the_limit_are_only_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..7).map(|number| Diagnostic::warning("blank-row", format!("w{number}"))));
        assert_eq!(all.to_json_at_most(7).len(), 7);
        let told = all.to_json_at_most(3);
        assert_eq!(told.len(), 4);
        assert!(told[3]["message"].as_str().unwrap().starts_with("4 more"), "{told:?}");
    }

    #[test]
    fn each_files_messages_stand_together_and_by_line() {
        let at = |file: &str, line| Place::in_line(file, line, "text", Span::new(0, 1));
        let mut all = Diagnostics::new();
        for (file, line) in [("b", 9), ("a", 3), ("b", 2), ("a", 1)] {
            all.push(Diagnostic::error("bad-row", format!("{file}{line}")).at(at(file, line), ""));
        }
        all.push(Diagnostic::error("bad-row", "none"));
        let shown: Vec<&str> = all.in_file_order().into_iter().map(|(found, _)| found.message.as_str()).collect();
        assert_eq!(shown, ["none", "b2", "b9", "a1", "a3"]);
        assert_eq!(all.iter().next().map(|found| found.message.as_str()), Some("b9"));
    }
}
