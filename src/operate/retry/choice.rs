//! Chooses the rows of a run that a retry takes.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::path::Path;

use super::request::RetryOutcome;
use crate::diagnostic::visual_form;
use crate::journal::{Fact, FrozenRow, RowState, RunSteering, ScopeShape, derive_outcome};
use crate::model::{RowOutcome, RunId, StepScope, Time};
use crate::operate::interface::{LeftOut, OrRefuse, Refusal};
use crate::operate::state_folder::read_run;
use crate::operate::stored_run::{OpenRun, was_settled};
use crate::plan::BoundList;

/// The rows that a retry takes, and those that it leaves out.
#[derive(Default)]
pub(super) struct ChosenRows {
    /// The positions of the rows that are taken, with their outcomes.
    pub(super) rows: Vec<(u64, RowOutcome)>,
    /// The keys of the corrected rows that the run has.
    pub(super) known: HashSet<String>,
    /// The look of corrected keys that resemble a different key of the run.
    pub(super) alike: HashSet<String>,
    /// The number of corrected rows by outcome, where the retry does not take that outcome.
    not_wanted: BTreeMap<RowOutcome, usize>,
    /// The number of rows that would be taken if the file of corrected rows had them.
    not_in_file: usize,
    /// The number of rows that continue in each later run.
    gone: BTreeMap<String, usize>,
    /// The number of invalid rows that were not corrected.
    invalid: usize,
    /// The number of rows with a sent call that only the run itself may send again.
    waiting: usize,
    /// The number of rows that are still unknown.
    pub(super) unknown: usize,
}

impl ChosenRows {
    /// The positions of the rows, in order.
    pub(super) fn positions(&self) -> VecDeque<u64> {
        self.rows.iter().map(|(position, _)| *position).collect()
    }

    /// Lists the rows that are left out although they are not done: how many, and why.
    pub(super) fn left_out(&self, run: &RunId) -> Vec<(usize, LeftOut)> {
        let gone = self.gone.iter().map(|(run, count)| (*count, LeftOut::WentOn(RunId::from_text(run.as_str()))));
        let stand = self.not_wanted.iter().map(|(outcome, count)| (*count, LeftOut::NotTaken(*outcome)));
        let rest = [
            (self.not_in_file, LeftOut::NotInFile),
            (self.invalid, LeftOut::Invalid),
            (self.waiting, LeftOut::Waiting(run.clone())),
            (self.unknown, LeftOut::Unknown(run.clone())),
        ];
        gone.chain(stand).chain(rest.into_iter().filter(|(count, _)| *count > 0)).collect()
    }
}

/// The rules of the choice.
pub(super) struct RowChooser<'a> {
    /// The run.
    pub(super) run: &'a OpenRun,
    /// The state folder.
    pub(super) state: &'a Path,
    /// The outcomes that are taken.
    pub(super) only: &'a [RetryOutcome],
    /// The keys of the corrected rows, which alone are taken; `None` where no file corrects rows.
    pub(super) corrected: Option<HashSet<String>>,
    /// Whether the playbook was corrected, so that invalid rows may be valid now.
    pub(super) new_playbook: bool,
}

impl RowChooser<'_> {
    /// Chooses among all rows of the run.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read.
    pub(super) fn choose(&self) -> Result<ChosenRows, Refusal> {
        let shape = ScopeShape::of(&self.run.plan, BoundList::Steps);
        let of_run = self.run.reader.facts(StepScope::Run).or_refuse("the journal")?;
        let closed = RunSteering::fold(&of_run).cancelled.is_some();
        let mut choice = ChosenRows::default();
        let mut began = HashMap::new();
        let looks: HashSet<_> = self.corrected.iter().flatten().map(|key| visual_form(key)).collect();
        self.run.each_row(|row, facts| {
            let taken = self.take(&row, facts, (&shape, closed), &mut began, &mut choice);
            choice.rows.extend(taken.map(|outcome| (row.position, outcome)));
            if self.is_corrected(&row) {
                choice.known.insert(row.key);
            } else if let Some(looks) = looks.get(&visual_form(&row.key)) {
                choice.alike.insert(looks.clone().into_owned());
            }
        })?;
        Ok(choice)
    }

    fn is_corrected(&self, row: &FrozenRow) -> bool {
        self.corrected.as_ref().is_some_and(|keys| keys.contains(&row.key))
    }

    /// The outcome of a row that is taken; `None` for one that is left out, which is counted in `choice`.
    fn take(
        &self,
        row: &FrozenRow,
        facts: &[(Time, Fact)],
        (shape, closed): (&ScopeShape, bool),
        began: &mut HashMap<String, bool>,
        choice: &mut ChosenRows,
    ) -> Option<RowOutcome> {
        let row_state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let outcome = row_state.ended.as_ref().map_or_else(|| derive_outcome(&row_state, shape), |ended| ended.outcome);
        let wanted = self.only.iter().any(|only| match only {
            RetryOutcome::Unknown => was_settled(facts),
            RetryOutcome::Failed => outcome == RowOutcome::Failed,
            RetryOutcome::Partial => outcome == RowOutcome::Partial,
            RetryOutcome::NotStarted => outcome == RowOutcome::NotStarted,
        });
        if self.corrected.is_some() && !self.is_corrected(row) {
            choice.not_in_file += usize::from(wanted && row_state.continued_in.is_none());
            return None;
        }
        if outcome == RowOutcome::Unknown || !row_state.doubts().is_empty() {
            // Nothing sends a call in doubt again once a person has closed the run.
            let waits = outcome != RowOutcome::Unknown && row_state.ended.is_none() && !closed;
            *(if waits { &mut choice.waiting } else { &mut choice.unknown }) += 1;
            return None;
        }
        if !wanted {
            if self.corrected.is_some() {
                *choice.not_wanted.entry(outcome).or_default() += 1;
            }
            return None;
        }
        if let Some(to) = row_state.continued_in.as_ref().map(|to| to.as_str().to_owned())
            && *began.entry(to.clone()).or_insert_with(|| !matches!(read_run(self.state, &to), Ok(None)))
        {
            *choice.gone.entry(to).or_default() += 1;
            return None;
        }
        let readable = self.new_playbook && (!row.cells.is_empty() || !self.run.plan.has_rows);
        if row.invalid.is_some() && !readable && !self.is_corrected(row) {
            choice.invalid += 1;
            return None;
        }
        Some(outcome)
    }
}

/// The scopes that are handed over: the rows that are taken, and the steps after the rows.
pub(super) fn handed(choice: &ChosenRows) -> Vec<(StepScope, RowOutcome)> {
    let rows = choice.rows.iter().map(|(position, outcome)| (StepScope::Row(*position), *outcome));
    rows.chain([(StepScope::After, RowOutcome::NotStarted)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_left_out_are_listed_by_reason_without_empty_ones() {
        let run = RunId::from_text("20351122-0046");
        assert_eq!(ChosenRows::default().left_out(&run), []);
        let choice = ChosenRows { invalid: 2, unknown: 1, ..ChosenRows::default() };
        assert_eq!(choice.left_out(&run), [(2, LeftOut::Invalid), (1, LeftOut::Unknown(run.clone()))]);
    }

    #[test]
    fn the_steps_after_the_rows_are_handed_over_with_the_chosen_rows() {
        let choice = ChosenRows { rows: vec![(3, RowOutcome::Failed)], ..ChosenRows::default() };
        let scopes = [(StepScope::Row(3), RowOutcome::Failed), (StepScope::After, RowOutcome::NotStarted)];
        assert_eq!(handed(&choice), scopes);
    }
}
