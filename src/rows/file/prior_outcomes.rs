//! What a row file that a run wrote says about its rows, where it is given to a new run.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::RowOutcome;
use crate::rows::record::Record;
use crate::rows::result_columns::{ResultColumn, result_columns_start};

/// How many runs a message names.
const RUNS_NAMED: usize = 3;

/// What the rows of a file say that they came to in an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriorOutcomes {
    /// How many rows came to what.
    pub outcomes: BTreeMap<RowOutcome, u64>,
    /// The runs that the rows of outcomes that are refused name; not all of very many.
    pub runs: BTreeSet<String>,
}

impl PriorOutcomes {
    /// Why the file must not be run as it is, and the command that is meant. Rows that failed or were not started may
    /// be run again; unknown, partial and succeeded ones have effects that a new run could make twice.
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

    /// Counts a row of that run which came to that.
    pub fn add(&mut self, run: &str, outcome: RowOutcome) {
        *self.outcomes.entry(outcome).or_default() += 1;
        let done = matches!(outcome, RowOutcome::Unknown | RowOutcome::Partial | RowOutcome::Succeeded);
        // The run stands in a file that anyone may have edited, and goes into a command to copy.
        let plain =
            !run.is_empty() && run.len() <= 64 && run.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if done && plain && self.runs.len() <= RUNS_NAMED {
            self.runs.insert(run.to_owned());
        }
    }
}

/// Where run and outcome stand in a row file that a run wrote.
pub(in crate::rows) struct PriorOutcomeColumns {
    run: usize,
    outcome: Option<usize>,
}

impl PriorOutcomeColumns {
    /// Finds them in a header.
    pub(in crate::rows) fn find(heads: &[String]) -> Option<Self> {
        let run = result_columns_start(heads)?;
        let outcome = heads.iter().skip(run).position(|head| head == ResultColumn::Outcome.as_str()).map(|at| run + at);
        Some(Self { run, outcome })
    }

    /// Notes what a record says.
    pub(in crate::rows) fn note(&self, record: &Record, fed_back: &mut PriorOutcomes) {
        let cell = |index| record.cell(index).unwrap_or_default();
        let Some(text) = self.outcome.map(cell) else { return };
        if let Some(outcome) = RowOutcome::named(text.trim()) {
            fed_back.add(cell(self.run).trim(), outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed_back(rows: &[(&str, RowOutcome)]) -> PriorOutcomes {
        let mut all = PriorOutcomes::default();
        for (run, outcome) in rows {
            all.add(run, *outcome);
        }
        all
    }

    #[test]
    fn what_may_have_effects_is_refused_with_its_command() {
        use RowOutcome::{Failed, NotStarted, Partial, Skipped, Succeeded, Unchanged, Unknown};
        assert_eq!(fed_back(&[("r1", Failed), ("r1", NotStarted), ("r1", Skipped), ("r1", Unchanged)]).refusal(), None);
        let refusal = fed_back(&[("r1", Unknown), ("r1", Partial), ("r1", Failed)]).refusal().unwrap();
        assert!(refusal.contains("1 unknown, 1 partial") && refusal.contains("`runsheet resolve r1`"), "{refusal}");
        let refusal = fed_back(&[("r1", Partial), ("r2", Partial)]).refusal().unwrap();
        assert!(refusal.contains("2 partial") && refusal.contains("`runsheet retry RUN`"), "{refusal}");
        assert!(fed_back(&[("r1", Succeeded)]).refusal().unwrap().contains("failed.csv"));
    }

    #[test]
    fn a_run_that_could_not_be_one_is_not_repeated() {
        let refusal = fed_back(&[("$(rm -rf /)", RowOutcome::Unknown)]).refusal().unwrap();
        assert!(!refusal.contains("rm") && refusal.contains("resolve RUN"), "{refusal}");
    }
}
