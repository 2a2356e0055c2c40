//! Closes a run: folds every row's facts once more for the audit, the row files and the summary.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::failures::locate_failures;
use super::stop_message::StopMessage;
use super::unended_row::report_unended;
use crate::engine::{PlanView, PriorRow, row_masks};
use crate::io::journal::{JournalError, Reader, StoredRow};
use crate::journal::{Audit, Fact, FactDetail, ScopeShape};
use crate::model::{RunId, StepScope, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::policy::StopReason;
use crate::report::{Failures, ResultFiles, RowCounts, RowRecord, RunOutcome, Summary, TimedSteering, steering_of};
use crate::runner::frozen::{FrozenRun, LinkKind};

/// How a run ended.
#[derive(Debug, Clone)]
pub struct RunEnd {
    /// The summary.
    pub summary: Summary,
    /// Why it stopped early; `None` if it did not.
    pub stop: Option<StopReason>,
    /// The reason as a message, with personal data masked.
    pub stop_message: Option<String>,
    /// The findings of the audit. Any finding is a defect of runsheet.
    pub problems: Vec<String>,
}

/// Why a run could not be closed. It can be closed again.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A row file could not be written.
    #[error("the row files in `{folder}` could not be written: {error}")]
    Files {
        /// The folder.
        folder: String,
        /// The system's error.
        error: std::io::Error,
    },
}

/// Writes the row files of a run in its current state and builds its summary.
///
/// # Errors
/// [`CloseError::Journal`] if the journal cannot be read; [`CloseError::Files`] if a row file cannot be written. The
/// journal is unchanged.
pub fn close_run(
    frozen: &FrozenRun,
    plan: &Arc<Plan>,
    journal: &Path,
    folder: &Path,
    stop: Option<StopReason>,
    finished_at: Time,
) -> Result<RunEnd, CloseError> {
    let out = frozen.out.clone().unwrap_or_else(|| folder.to_owned());
    let wrong = |error| CloseError::Files { folder: out.display().to_string(), error };
    let names: Vec<String> = plan.results.iter().map(|(name, _)| name.clone()).collect();
    let dialect = frozen.dialect.clone().unwrap_or_default();
    let mut files = ResultFiles::create(&out, &dialect, &names, &frozen.run_id).map_err(wrong)?;
    let mut end =
        summarize_run(frozen, plan, journal, stop, finished_at, &mut |record| files.write(&record).map_err(wrong))?;
    end.summary.files = files.finish().map_err(wrong)?;
    Ok(end)
}

/// Builds the summary of a run in its current state, without files. Calls `each` with every row's end, in the input's
/// order.
///
/// # Errors
/// [`CloseError::Journal`] if the journal cannot be read, or the error of `each`.
pub fn summarize_run(
    frozen: &FrozenRun,
    plan: &Arc<Plan>,
    journal: &Path,
    stop: Option<StopReason>,
    finished_at: Time,
    each: &mut dyn FnMut(RowRecord) -> Result<(), CloseError>,
) -> Result<RunEnd, CloseError> {
    let reader = Reader::open(journal)?;
    let rows = reader.row_count()?;
    let before = reader.facts(StepScope::Before)?;
    let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
    let mut closer = RunCloser {
        audit: Audit::default(),
        shape: ScopeShape::of(plan, BoundList::Steps),
        rows: RowCounts::default(),
        failures: Failures::default(),
        view: PlanView::new(plan.clone(), Some(steps)),
        stop: StopMessage::of(stop.as_ref()),
        steered: steering_of(&reader.facts(StepScope::Run)?),
    };
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope)?;
        closer.audit.fold(list.as_str(), &facts, &ScopeShape::of(plan, list));
        let earlier = PriorRow { scope, key: list.as_str(), cells: None, facts: &facts, run: &frozen.run_id };
        closer.stop.add_masks_of(&closer.view, earlier);
    }
    let names: Vec<String> = plan.results.iter().map(|(name, _)| name.clone()).collect();
    reader.each_stored_row(FactDetail::Summary, |row, facts| {
        let record = closer.record(row, facts, &names);
        closer.collect_masks(&record, row, facts, &reader, &frozen.run_id)?;
        each(record)
    })?;
    closer.audit.close(rows);
    closer.audit.close_budget(&frozen.budget);
    Ok(closer.end(frozen, stop, finished_at))
}

/// A run that is being closed.
struct RunCloser {
    audit: Audit,
    shape: ScopeShape,
    rows: RowCounts,
    failures: Failures,
    view: PlanView,
    stop: StopMessage,
    steered: Vec<TimedSteering>,
}

impl RunCloser {
    fn record(&mut self, row: &StoredRow<'_>, facts: &[(Time, Fact)], names: &[String]) -> RowRecord {
        let name = format_args!("row {}", row.number);
        let mut state = self.audit.fold(name, facts, &self.shape);
        let outcome = self.audit.close_row(name, &state, &self.shape);
        self.rows.add(outcome);
        let mut ended = state.ended.take().unwrap_or_else(|| report_unended(&state, &self.shape, outcome, facts));
        RowRecord {
            position: row.position,
            number: row.number,
            key: row.key.to_owned(),
            raw: Bytes::copy_from_slice(row.raw),
            outcome,
            step: ended.step,
            code: ended.code,
            message: ended.message,
            request_id: ended.request_id,
            attempts: state.sends,
            results: names
                .iter()
                .map(|name| (name.clone(), ended.results.get_mut(name).map(Value::take).unwrap_or_default()))
                .collect(),
        }
    }

    /// Collects the masks of a row if its message is reported. Few rows need that, and it reads the row's cells and
    /// facts.
    fn collect_masks(
        &mut self,
        record: &RowRecord,
        row: &StoredRow<'_>,
        facts: &[(Time, Fact)],
        reader: &Reader,
        run: &RunId,
    ) -> Result<(), JournalError> {
        let (view, whose) = (&self.view, StepScope::Row(record.position));
        let masks = || {
            let (cells, facts) = (row.cells()?, reader.facts(whose)?);
            let earlier = PriorRow { scope: whose, key: &record.key, cells: Some(&cells), facts: &facts, run };
            Ok::<_, JournalError>(row_masks(view, earlier))
        };
        if self.stop.was_said_to(facts) {
            self.stop.mask(masks()?);
        }
        self.failures.add(record, || Ok((masks()?, view.plan.shown_key(&record.key).to_owned())))
    }

    fn end(self, frozen: &FrozenRun, stop: Option<StopReason>, finished_at: Time) -> RunEnd {
        let stop_message = stop.as_ref().map(|stop| self.stop.text(stop, &self.view.plan));
        let rows = self.rows;
        let linked = |kind| frozen.link.as_ref().filter(|link| link.kind == kind).map(|link| link.of.clone());
        let mut failures = self.failures.most_frequent();
        locate_failures(&mut failures, &self.view.plan, frozen.rows_name.as_deref());
        let summary = Summary {
            run_id: frozen.run_id.clone(),
            retry_of: linked(LinkKind::Retry),
            undo_of: linked(LinkKind::Undo),
            environment: frozen.environment.name.clone(),
            outcome: outcome_of(&rows, stop.as_ref(), self.audit.problems_in_all > 0),
            stopped: stop.as_ref().zip(stop_message.as_ref()).map(|(stop, told)| Summary::stop_of(stop, told)),
            steered: self.steered,
            rows,
            operations: self.audit.operations,
            failures,
            warnings: frozen.warnings.clone(),
            started_at: frozen.started_at.to_string(),
            finished_at: finished_at.to_string(),
            duration_ms: u64::try_from(finished_at.since(frozen.started_at).as_millis()).unwrap_or(u64::MAX),
            files: Vec::new(),
        };
        RunEnd { summary, stop, stop_message, problems: self.audit.problems }
    }
}

fn outcome_of(rows: &RowCounts, stop: Option<&StopReason>, broken: bool) -> RunOutcome {
    match stop.map(|reason| RunOutcome::of_stop(reason.kind())) {
        _ if broken => RunOutcome::Broken,
        Some(RunOutcome::Refused) => RunOutcome::Refused,
        _ if rows.unknown > 0 => RunOutcome::Unknown,
        Some(outcome) => outcome,
        None if rows.failed + rows.partial > 0 => RunOutcome::Failed,
        None => RunOutcome::Succeeded,
    }
}
