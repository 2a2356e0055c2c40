//! One row as its run would report it at this moment, with what is read of it only when it is asked for.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::unended_row::report_unended;
use crate::engine::{PlanView, PriorRow, row_masks};
use crate::io::journal::{JournalError, Reader, StoredRow};
use crate::journal::{Fact, FactDetail, RowState, ScopeShape, derive_outcome};
use crate::model::{Masks, RowOutcome, RunId, StepScope, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::report::RowRecord;
use crate::runner::frozen::FrozenRun;

/// Reads the masks of a row: the sensitive values of its cells and answers. It costs a read of the row's facts, unless
/// nothing of the run is sensitive.
pub type RowMasks<'m> = &'m dyn Fn() -> Result<Masks, JournalError>;

/// A row as its run would report it at this moment.
pub struct RecordedRow<'r> {
    /// Its record.
    pub record: RowRecord,
    /// Whether it has not ended. Its outcome is then what it would be if the run broke off now.
    pub open: bool,
    /// Whether a process works on it at this moment: it began and has not ended.
    pub under_way: bool,
    /// Its facts, as far as a summary needs them.
    pub facts: &'r [(Time, Fact)],
    /// Its masks.
    pub masks: RowMasks<'r>,
}

/// Reads rows of one run. What all of them share is read once.
pub struct RowReader<'r> {
    reader: &'r Reader,
    run: &'r RunId,
    view: PlanView,
    shape: ScopeShape,
    /// The names of the results, in the playbook's order.
    results: Vec<String>,
    masks_nothing: bool,
    /// Whether a process drives the run.
    driven: bool,
}

impl<'r> RowReader<'r> {
    /// Reads what all rows share. `driven`: whether a process drives the run.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be read.
    pub fn new(
        reader: &'r Reader,
        frozen: &'r FrozenRun,
        plan: &Arc<Plan>,
        driven: bool,
    ) -> Result<Self, JournalError> {
        let before = reader.facts(StepScope::Before)?;
        let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
        Ok(Self {
            reader,
            run: &frozen.run_id,
            view: PlanView::new(plan.clone(), Some(steps)),
            shape: ScopeShape::of(plan, BoundList::Steps),
            results: plan.results.iter().map(|(name, _)| name.clone()).collect(),
            masks_nothing: plan.masks_nothing(),
            driven,
        })
    }

    /// Calls `each` with the rows at these positions, in the input's order.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be read; the error of `each`.
    pub fn between<E: From<JournalError>>(
        &self,
        positions: Range<u64>,
        each: &mut dyn FnMut(RecordedRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reader.each_stored_row_in(positions, FactDetail::Summary, |row, facts| self.give(row, facts, each))
    }

    /// Calls `each` with the rows at these positions, in this order. It reads no other row.
    ///
    /// # Errors
    /// As [`RowReader::between`]; [`JournalError::Damaged`] too if there is no such row.
    pub fn at<E: From<JournalError>>(
        &self,
        positions: &[u64],
        each: &mut dyn FnMut(RecordedRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reader.each_row_at(positions, FactDetail::Summary, |row, facts| self.give(row, facts, each))
    }

    fn give<E>(
        &self,
        row: &StoredRow<'_>,
        facts: &[(Time, Fact)],
        each: &mut dyn FnMut(RecordedRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let outcome = state.ended.as_ref().map_or_else(|| derive_outcome(&state, &self.shape), |ended| ended.outcome);
        let (open, record) = (state.ended.is_none(), self.record(row, facts, state, outcome));
        let under_way = self.is_under_way(&record, open);
        each(RecordedRow { record, open, under_way, facts, masks: &|| self.masks(row, facts) })
    }

    /// Whether a process works on a row: it began and has not ended.
    pub(super) fn is_under_way(&self, record: &RowRecord, open: bool) -> bool {
        self.driven && open && (record.outcome != RowOutcome::NotStarted || record.attempts > 0)
    }

    /// The record of a row in a state, whose outcome is known already.
    pub(super) fn record(
        &self,
        row: &StoredRow<'_>,
        facts: &[(Time, Fact)],
        mut state: RowState,
        outcome: RowOutcome,
    ) -> RowRecord {
        let goes_on = state.goes_on();
        let mut ended = state.ended.take().unwrap_or_else(|| report_unended(&state, &self.shape, outcome, facts));
        let mut result = |name: &String| ended.results.get_mut(name).map(Value::take).unwrap_or_default();
        let results = self.results.iter().map(|name| (name.clone(), result(name))).collect();
        RowRecord {
            position: row.position,
            number: row.number,
            key: row.key.to_owned(),
            raw: Bytes::copy_from_slice(row.raw),
            outcome,
            goes_on,
            step: ended.step,
            code: ended.code,
            message: ended.message,
            request_id: ended.request_id,
            attempts: state.sends,
            results,
            times: facts.first().zip(facts.last()).map(|((first, _), (last, _))| (*first, *last)),
        }
    }

    /// The masks of a row with these facts. Summaries of facts lack what was sent and answered, so facts are read again.
    pub(super) fn masks(&self, row: &StoredRow<'_>, facts: &[(Time, Fact)]) -> Result<Masks, JournalError> {
        if self.masks_nothing {
            return Ok(Masks::default());
        }
        let scope = StepScope::Row(row.position);
        let cells = row.cells()?;
        if self.view.plan.masks_come_from_cells() {
            return Ok(self.view.plan.masks(Some(&cells)));
        }
        let facts = if facts.is_empty() { Vec::new() } else { self.reader.facts(scope)? };
        let prior = PriorRow { scope, key: row.key, cells: Some(&cells), facts: &facts, run: self.run };
        Ok(row_masks(&self.view, prior))
    }

    /// The plan of the run with its template names.
    pub(super) fn view(&self) -> &PlanView {
        &self.view
    }

    /// The shape of the steps of a row.
    pub(super) fn shape(&self) -> &ScopeShape {
        &self.shape
    }
}
