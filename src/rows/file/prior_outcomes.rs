//! Outcomes that a row file from an earlier run carries, when it is given to a new run.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::RowOutcome;
use crate::rows::record::Record;
use crate::rows::result_columns::{ResultColumn, result_columns_start};

/// The most runs that a message names.
const RUNS_NAMED: usize = 3;

/// The outcomes that a file's rows had in an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriorOutcomes {
    /// Number of rows by outcome.
    pub outcomes: BTreeMap<RowOutcome, u64>,
    /// The ids of runs named by rows whose outcome is refused; the first few.
    pub runs: BTreeSet<String>,
}

impl PriorOutcomes {
    /// Why the file must not be run again, with the command to use instead; `None` if it may be run. Rows that failed
    /// or were not started may run again. Unknown, partial and succeeded rows have effects that a new run could repeat.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        let count = |outcome| self.outcomes.get(&outcome).copied().unwrap_or_default();
        let run = match self.runs.first() {
            Some(first) if self.runs.len() == 1 => first.as_str(),
            _ => "RUN",
        };
        let advice = [
            (RowOutcome::Unknown, format!("Settle what became of them first: `runsheet resolve {run}`")),
            (RowOutcome::Partial, format!("Do only what is missing: `runsheet retry {run}`")),
            (RowOutcome::Succeeded, "Their work is done: run `failed.csv` or `not_started.csv` instead".to_owned()),
        ];
        let found: Vec<_> = advice.into_iter().filter(|(outcome, _)| count(*outcome) > 0).collect();
        let (_, advice) = found.first()?;
        let counts: Vec<String> =
            found.iter().map(|(outcome, _)| format!("{} {}", count(*outcome), outcome.as_str())).collect();
        let runs = if self.runs.is_empty() { String::new() } else { format!(" of {}", self.named()) };
        Some(format!("The file holds rows{runs} that a new run could do twice: {}. {advice}", counts.join(", ")))
    }

    fn named(&self) -> String {
        let runs: Vec<String> = self.runs.iter().take(RUNS_NAMED).map(|run| format!("run {run}")).collect();
        runs.join(", ")
    }

    /// Counts a row of `run` with its outcome.
    pub fn add(&mut self, run: &str, outcome: RowOutcome) {
        *self.outcomes.entry(outcome).or_default() += 1;
        let done = matches!(outcome, RowOutcome::Unknown | RowOutcome::Partial | RowOutcome::Succeeded);
        // The id comes from a file that may have been edited, and goes into a command for the user to copy.
        let plain =
            !run.is_empty() && run.len() <= 64 && run.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if done && plain && self.runs.len() <= RUNS_NAMED {
            self.runs.insert(run.to_owned());
        }
    }
}

/// The columns that hold run and outcome in a row file that a run wrote.
pub(super) struct PriorOutcomeColumns {
    run: usize,
    outcome: Option<usize>,
}

impl PriorOutcomeColumns {
    /// Finds them in a header; `None` if there is no `_run` column.
    pub(super) fn find(heads: &[String]) -> Option<Self> {
        let run = result_columns_start(heads)?;
        let outcome = heads.iter().skip(run).position(|head| head == ResultColumn::Outcome.as_str()).map(|at| run + at);
        Some(Self { run, outcome })
    }

    /// Counts the outcome that a record carries.
    pub(super) fn note(&self, record: &Record, outcomes: &mut PriorOutcomes) {
        let cell = |index| record.cell(index).unwrap_or_default();
        let Some(text) = self.outcome.map(cell) else { return };
        if let Some(outcome) = RowOutcome::named(text.trim()) {
            outcomes.add(cell(self.run).trim(), outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(rows: &[(&str, RowOutcome)]) -> PriorOutcomes {
        let mut all = PriorOutcomes::default();
        for (run, outcome) in rows {
            all.add(run, *outcome);
        }
        all
    }

    #[test]
    fn rows_that_may_have_effects_are_refused_with_the_command_to_use() {
        use RowOutcome::{Failed, NotStarted, Partial, Skipped, Succeeded, Unchanged, Unknown};
        assert_eq!(outcomes(&[("r1", Failed), ("r1", NotStarted), ("r1", Skipped), ("r1", Unchanged)]).refusal(), None);
        let refusal = outcomes(&[("r1", Unknown), ("r1", Partial), ("r1", Failed)]).refusal().unwrap();
        assert!(refusal.contains("1 unknown, 1 partial") && refusal.contains("`runsheet resolve r1`"), "{refusal}");
        let refusal = outcomes(&[("r1", Partial), ("r2", Partial)]).refusal().unwrap();
        assert!(refusal.contains("2 partial") && refusal.contains("`runsheet retry RUN`"), "{refusal}");
        assert!(outcomes(&[("r1", Succeeded)]).refusal().unwrap().contains("failed.csv"));
    }

    #[test]
    fn a_malformed_run_id_is_not_repeated_in_a_message() {
        let refusal = outcomes(&[("$(rm -rf /)", RowOutcome::Unknown)]).refusal().unwrap();
        assert!(!refusal.contains("rm") && refusal.contains("resolve RUN"), "{refusal}");
    }
}
