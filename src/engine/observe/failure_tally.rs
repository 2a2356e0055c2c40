//! The kinds of failure of a run so far, counted as rows end: which is the most frequent, and which was the last.

use std::collections::HashMap;

use crate::model::RowOutcome;
use crate::policy::FailureSignature;

/// The most kinds that are counted separately. Rows of further kinds are not counted here.
const MOST_KINDS: usize = 1_000;

/// Rows that ended without success for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureCount {
    /// How they ended.
    pub outcome: RowOutcome,
    /// The step that decided the outcome; `None` if no step did.
    pub step: Option<String>,
    /// The vendor's code, or runsheet's, with sensitive values masked; `None` if there is none.
    pub code: Option<String>,
    /// The number of rows.
    pub rows: u64,
}

/// Counts rows that end without success by their kind.
#[derive(Debug, Clone, Default)]
pub struct FailureTally {
    kinds: Vec<FailureCount>,
    places: HashMap<(RowOutcome, FailureSignature), usize>,
    most: usize,
    last: usize,
}

impl FailureTally {
    /// Counts a row. `shown` returns a code as it may be shown; it is called for the first row of a kind only.
    pub fn add(&mut self, outcome: RowOutcome, kind: FailureSignature, shown: impl FnOnce(&str) -> String) {
        if !outcome.is_trouble() {
            return;
        }
        let known = (outcome, kind);
        let place = match self.places.get(&known) {
            Some(place) => *place,
            None if self.kinds.len() >= MOST_KINDS => return,
            None => {
                let (step, code) = (known.1.step.clone(), known.1.code.as_deref().map(shown));
                self.kinds.push(FailureCount { outcome, step, code, rows: 0 });
                self.places.insert(known, self.kinds.len() - 1);
                self.kinds.len() - 1
            }
        };
        self.kinds[place].rows += 1;
        self.last = place;
        if self.kinds[place].rows > self.kinds[self.most].rows {
            self.most = place;
        }
    }

    /// The most frequent kind; `None` before the first failure. Of two that are equally frequent it is the first.
    #[must_use]
    pub fn most(&self) -> Option<&FailureCount> {
        self.kinds.get(self.most)
    }

    /// The kind of the last failure; `None` before the first.
    #[must_use]
    pub fn last(&self) -> Option<&FailureCount> {
        self.kinds.get(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str) -> FailureSignature {
        FailureSignature { step: Some("move".to_owned()), code: Some(code.to_owned()) }
    }

    fn told(count: Option<&FailureCount>) -> Option<(&str, u64)> {
        count.map(|one| (one.code.as_deref().unwrap_or_default(), one.rows))
    }

    #[test]
    fn the_last_kind_and_the_most_frequent_one_are_known() {
        let mut tally = FailureTally::default();
        assert_eq!((tally.most(), tally.last()), (None, None));
        for code in ["a", "b", "b", "a", "b", "c"] {
            tally.add(RowOutcome::Failed, kind(code), str::to_owned);
        }
        assert_eq!(told(tally.most()), Some(("b", 3)));
        assert_eq!(told(tally.last()), Some(("c", 1)));
    }

    #[test]
    fn rows_that_succeed_are_no_failures() {
        let mut tally = FailureTally::default();
        tally.add(RowOutcome::Succeeded, kind("warned"), str::to_owned);
        tally.add(RowOutcome::NotStarted, kind("x"), str::to_owned);
        assert_eq!(tally.last(), None);
    }

    #[test]
    fn a_code_is_shown_as_the_first_row_of_its_kind_shows_it() {
        let mut tally = FailureTally::default();
        tally.add(RowOutcome::Failed, kind("0911"), |_| "***".to_owned());
        tally.add(RowOutcome::Failed, kind("0911"), |_| panic!("asked again"));
        assert_eq!(told(tally.last()), Some(("***", 2)));
    }

    #[test]
    fn the_number_of_kinds_is_bounded() {
        let mut tally = FailureTally::default();
        for code in 0..MOST_KINDS + 5 {
            tally.add(RowOutcome::Failed, kind(&code.to_string()), str::to_owned);
        }
        assert_eq!(told(tally.last()), Some(("999", 1)));
    }
}
