//! The thresholds of `stop_when`, from counts of ended rows alone.

use serde::{Deserialize, Serialize};

use super::stop_reason::StopReason;
use crate::diagnostic::plural_of;
use crate::model::RowOutcome;
use crate::playbook::StopWhen;

/// With fewer ended rows, `failed_ratio` is not evaluated, unless the run has fewer rows in all.
const FEWEST_FOR_A_RATIO: u64 = 20;

/// The number of rows, and how many ended with each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows of the run.
    pub total: u64,
    /// One count per outcome, in the order of the variants of [`RowOutcome`].
    pub by_outcome: [u64; 7],
}

impl Counts {
    /// Rows that ended with this outcome.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome) -> u64 {
        self.by_outcome[outcome as usize]
    }

    /// Counts one more row with this outcome.
    pub(crate) fn add(&mut self, outcome: RowOutcome) {
        self.by_outcome[outcome as usize] += 1;
    }

    /// Rows that ended, with any outcome.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// Rows that failed or are partial; unknown rows are not included.
    #[must_use]
    pub(crate) fn unsuccessful(&self) -> u64 {
        self.of(RowOutcome::Failed) + self.of(RowOutcome::Partial)
    }
}

/// Whether a rule of `stop_when` may stop a run when a row ends with this outcome. After other rows no rule is asked: a row that
/// went well stops no run.
fn may_stop_a_run(outcome: RowOutcome) -> bool {
    match outcome {
        RowOutcome::Failed | RowOutcome::Partial | RowOutcome::Unknown => true,
        RowOutcome::Succeeded | RowOutcome::Unchanged | RowOutcome::Skipped | RowOutcome::NotStarted => false,
    }
}

/// The first rule of `stop_when` whose limit is reached by the end of a row with the outcome `ended`, which `counts` contains;
/// `None` while the run may go on.
#[must_use]
pub fn stop_reached(rules: &StopWhen, counts: &Counts, ended: RowOutcome) -> Option<StopReason> {
    if !may_stop_a_run(ended) {
        return None;
    }
    // All rules are named, so that a new one is not forgotten. `WaveProgress` decides about new kinds.
    let StopWhen { failed: most_failed, failed_ratio, unknown: most_unknown, new_kind: _ } = rules;
    let failed = counts.unsuccessful();
    if let Some(most) = most_failed.filter(|most| failed >= *most) {
        return Some(threshold(format!(
            "{} failed or {} partial, the limit is {most}",
            plural_of(failed, "row"),
            are(failed)
        )));
    }
    let unknown = counts.of(RowOutcome::Unknown);
    if let Some(most) = most_unknown.filter(|most| unknown >= *most) {
        return Some(threshold(format!("{} {} unknown, the limit is {most}", plural_of(unknown, "row"), are(unknown))));
    }
    let ended = counts.ended();
    #[allow(clippy::cast_precision_loss)]
    let ratio = failed as f64 / ended.max(1) as f64;
    let enough = ended >= FEWEST_FOR_A_RATIO.min(counts.total);
    failed_ratio.filter(|most| enough && failed > 0 && ratio >= *most).map(|most| {
        threshold(format!(
            "{failed} of {ended} rows failed or are partial, {:.1} %; the limit is {:.1} %",
            ratio * 100.0,
            most * 100.0
        ))
    })
}

fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn threshold(what: String) -> StopReason {
    StopReason::Threshold { what }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule that a failed row reaches.
    fn reached(rules: &StopWhen, counts: &Counts) -> Option<StopReason> {
        stop_reached(rules, counts, RowOutcome::Failed)
    }

    #[test]
    fn each_outcome_that_a_rule_counts_may_stop_a_run_and_no_other() {
        let all = StopWhen { failed: Some(1), failed_ratio: Some(0.5), unknown: Some(1), new_kind: true };
        for outcome in RowOutcome::ALL {
            let mut counts = Counts { total: 1, ..Counts::default() };
            counts.add(outcome);
            let counted = reached(&all, &counts).is_some();
            assert_eq!(stop_reached(&all, &counts, outcome).is_some(), counted, "{outcome}");
        }
    }

    fn counts(total: u64, failed: u64, succeeded: u64) -> Counts {
        let mut counts = Counts { total, ..Counts::default() };
        (0..failed).for_each(|_| counts.add(RowOutcome::Failed));
        (0..succeeded).for_each(|_| counts.add(RowOutcome::Succeeded));
        counts
    }

    #[test]
    fn a_count_stops_at_its_number_not_before() {
        let rules = StopWhen { failed: Some(3), ..StopWhen::default() };
        assert_eq!(reached(&rules, &counts(100, 2, 50)), None);
        assert!(reached(&rules, &counts(100, 3, 0)).is_some());
    }

    #[test]
    fn a_ratio_needs_enough_rows_to_mean_something() {
        let rules = StopWhen { failed_ratio: Some(0.1), ..StopWhen::default() };
        assert_eq!(reached(&rules, &counts(100, 1, 0)), None);
        assert!(reached(&rules, &counts(100, 2, 18)).is_some());
        assert_eq!(reached(&rules, &counts(100, 0, 50)), None);
        assert!(reached(&rules, &counts(2, 2, 0)).is_some(), "few rows in all are enough once all ended");
    }

    #[test]
    fn counts_are_kept_by_outcome_and_only_failed_and_partial_are_unsuccessful() {
        let mut counts = Counts::default();
        for (times, outcome) in (1..).zip(RowOutcome::ALL) {
            (0..times).for_each(|_| counts.add(outcome));
        }
        for (times, outcome) in (1..).zip(RowOutcome::ALL) {
            assert_eq!(counts.of(outcome), times, "{outcome:?}");
        }
        assert_eq!((counts.ended(), counts.total), (28, 0));
        assert_eq!(counts.unsuccessful(), counts.of(RowOutcome::Failed) + counts.of(RowOutcome::Partial));
    }

    #[test]
    fn partial_rows_count_as_failed_and_unknown_ones_have_a_rule_of_their_own() {
        let mut counts = counts(100, 1, 0);
        counts.add(RowOutcome::Partial);
        let failed = StopWhen { failed: Some(2), ..StopWhen::default() };
        let said = reached(&failed, &counts).map(|reason| reason.to_string());
        assert_eq!(said.as_deref(), Some("`stop_when` was reached: 2 rows failed or are partial, the limit is 2"));
        let unknown = StopWhen { unknown: Some(2), ..StopWhen::default() };
        counts.add(RowOutcome::Unknown);
        assert_eq!(reached(&unknown, &counts), None);
        counts.add(RowOutcome::Unknown);
        let said = reached(&unknown, &counts).map(|reason| reason.to_string());
        assert_eq!(said.as_deref(), Some("`stop_when` was reached: 2 rows are unknown, the limit is 2"));
        assert_eq!(reached(&StopWhen::default(), &counts), None, "no rule, no stop");
    }

    #[test]
    fn a_ratio_stops_from_twenty_ended_rows_and_from_its_own_share_on() {
        let rules = StopWhen { failed_ratio: Some(0.1), ..StopWhen::default() };
        assert_eq!(reached(&rules, &counts(100, 2, 17)), None, "nineteen are too few");
        assert_eq!(reached(&rules, &counts(100, 2, 19)), None, "2 of 21 are less than a tenth");
        let said = reached(&rules, &counts(100, 3, 17)).map(|reason| reason.to_string());
        let expected = "`stop_when` was reached: 3 of 20 rows failed or are partial, 15.0 %; the limit is 10.0 %";
        assert_eq!(said.as_deref(), Some(expected));
        let none = StopWhen { failed_ratio: Some(0.0), ..StopWhen::default() };
        assert_eq!(reached(&none, &counts(100, 0, 50)), None, "a share of nothing needs a failure all the same");
        assert!(reached(&none, &counts(100, 1, 49)).is_some());
        assert_eq!(reached(&none, &counts(0, 0, 0)), None);
    }
}
