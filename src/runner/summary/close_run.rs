//! Closes a run: folds every row's facts once more for the audit, the row files and the summary.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::failures::{first_of_kind, locate_failures};
use super::record::run_record;
use super::recorded_row::{RecordedRow, RowMasks, RowReader};
use super::stop_message::StopMessage;
use crate::engine::PriorRow;
use crate::io::journal::{JournalError, Reader, StoredRow};
use crate::journal::{Audit, CallTimes, Fact, FactDetail, ScopeShape};
use crate::model::{RunId, StepScope, Time};
use crate::plan::{BoundList, Plan};
use crate::policy::StopReason;
use crate::report::{
    FailureKind, Failures, OtherKinds, ResultFiles, RowCommands, RowCounts, RowRecord, RunOutcome, RunRecord,
    SUMMARY_KINDS, Summary, TimedSteering, steering_of,
};
use crate::runner::frozen::{FrozenRun, LinkKind};

/// How a run ended.
#[derive(Debug, Clone)]
pub struct RunEnd {
    /// The summary.
    pub summary: Summary,
    /// The record that reports are made of.
    pub record: RunRecord,
    /// Why it stopped early; `None` if it did not.
    pub stop: Option<StopReason>,
    /// The reason as a message, with personal data masked.
    pub stop_message: Option<String>,
    /// The findings of the audit. Any finding is a defect of runsheet.
    pub problems: Vec<String>,
}

/// The most kinds of failure in a record.
const KINDS_IN_A_RECORD: usize = 100;

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
    let reader = Reader::open(journal)?;
    let standing = RunStanding { stop, at: finished_at, driven: false };
    let mut end = summarize_run(frozen, plan, &reader, standing, &mut |row: RecordedRow<'_>| {
        files.write(&row.record).map_err(wrong)
    })?;
    end.summary.files = files.finish().map_err(wrong)?;
    end.record.files.clone_from(&end.summary.files);
    // The commands name files.
    end.record.next = end.summary.next_steps();
    Ok(end)
}

/// Builds the summary and the record of a run in its current state, without files. Calls `each` with every row's end,
/// in the input's order.
///
/// # Errors
/// [`CloseError::Journal`] if the journal cannot be read, or the error of `each`.
pub fn summarize_run(
    frozen: &FrozenRun,
    plan: &Arc<Plan>,
    reader: &Reader,
    standing: RunStanding,
    each: &mut dyn FnMut(RecordedRow<'_>) -> Result<(), CloseError>,
) -> Result<RunEnd, CloseError> {
    let RunStanding { stop, at: finished_at, driven } = standing;
    let rows = reader.row_count()?;
    let row_reader = RowReader::new(reader, frozen, plan, driven)?;
    let of_run = reader.facts(StepScope::Run)?;
    let mut closer = RunCloser {
        audit: Audit::default(),
        rows: RowCounts::default(),
        under_way: RowCounts::default(),
        failures: Failures::default(),
        plan: plan.clone(),
        stop: StopMessage::of(stop.as_ref()),
        steered: steering_of(&of_run),
        commands: RowCommands::of_run(&frozen.run_id, plan.undoing.as_ref(), &of_run),
    };
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope)?;
        closer.audit.fold(list.as_str(), &facts, &ScopeShape::of(plan, list));
        let earlier = PriorRow { scope, key: list.as_str(), cells: None, facts: &facts, run: &frozen.run_id };
        closer.stop.add_masks_of(row_reader.view(), earlier);
    }
    reader.each_stored_row(FactDetail::Summary, |row, facts| {
        let (record, open) = closer.record(&row_reader, row, facts);
        let masks = || row_reader.masks(row, facts);
        let under_way = row_reader.is_under_way(&record, open);
        if under_way {
            // What became of it is not known yet, which is no failure.
            closer.under_way.add(record.outcome);
        } else {
            closer.collect_failure(&record, facts, &frozen.run_id, &masks)?;
        }
        each(RecordedRow { record, open, under_way, facts, masks: &masks })
    })?;
    closer.audit.close(rows);
    closer.audit.close_budget(&frozen.budget);
    let later = FrozenRun::successors(reader)?;
    Ok(closer.end(frozen, (&of_run, later), stop, finished_at))
}

/// Where a run stands while it is summarized.
#[derive(Debug, Clone)]
pub struct RunStanding {
    /// Why it stopped early.
    pub stop: Option<StopReason>,
    /// When it ended; now if it has not.
    pub at: Time,
    /// Whether a process drives it.
    pub driven: bool,
}

/// A run that is being closed.
struct RunCloser {
    audit: Audit,
    rows: RowCounts,
    /// Those of them that a process works on at this moment.
    under_way: RowCounts,
    failures: Failures,
    plan: Arc<Plan>,
    stop: StopMessage,
    steered: Vec<TimedSteering>,
    commands: RowCommands,
}

impl RunCloser {
    /// Counts and audits a row. Returns its record, and whether it has not ended.
    fn record(&mut self, reader: &RowReader<'_>, row: &StoredRow<'_>, facts: &[(Time, Fact)]) -> (RowRecord, bool) {
        let (name, shape) = (format_args!("row {}", row.number), reader.shape());
        let state = self.audit.fold(name, facts, shape);
        let outcome = self.audit.close_row(name, &state, shape);
        self.rows.add(outcome);
        let open = state.ended.is_none();
        (reader.record(row, facts, state, outcome), open)
    }

    /// Counts a row that did not succeed. Its masks are read if its message is reported, which few rows need.
    fn collect_failure(
        &mut self,
        record: &RowRecord,
        facts: &[(Time, Fact)],
        run: &RunId,
        masks: RowMasks<'_>,
    ) -> Result<(), JournalError> {
        if self.stop.was_said_to(facts) {
            self.stop.mask(masks()?);
        }
        let (plan, commands) = (&self.plan, &self.commands);
        let about = || Ok(first_of_kind(record, masks()?, plan, (run, commands)));
        self.failures.add(record, plan.shown_key(&record.key), about)
    }

    fn end(
        self,
        frozen: &FrozenRun,
        (facts, later): (&[(Time, Fact)], Vec<RunId>),
        stop: Option<StopReason>,
        finished_at: Time,
    ) -> RunEnd {
        let stop_message = stop.as_ref().map(|stop| self.stop.text(stop, &self.plan));
        let (mut kinds, other) = self.failures.listed(KINDS_IN_A_RECORD);
        locate_failures(&mut kinds, &self.plan, frozen.rows_name.as_deref());
        let rows = self.rows;
        let linked = |kind| frozen.link.as_ref().filter(|link| link.kind == kind).map(|link| link.of.clone());
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
            failures: kinds.iter().take(SUMMARY_KINDS).cloned().collect(),
            warnings: frozen.warnings.clone(),
            started_at: frozen.started_at.to_string(),
            finished_at: finished_at.to_string(),
            duration_ms: u64::try_from(finished_at.since(frozen.started_at).as_millis()).unwrap_or(u64::MAX),
            files: Vec::new(),
        };
        let record = run_record(
            frozen,
            &self.plan,
            &summary,
            RecordParts {
                kinds,
                other,
                facts,
                later,
                under_way: self.under_way,
                times: &self.audit.times,
                problems: &self.audit.problems,
            },
        );
        RunEnd { summary, record, stop, stop_message, problems: self.audit.problems }
    }
}

/// What a record holds beyond the summary.
pub(super) struct RecordParts<'r> {
    /// The kinds of failure.
    pub(super) kinds: Vec<FailureKind>,
    /// The kinds that are not among them.
    pub(super) other: OtherKinds,
    /// The facts of the run as a whole.
    pub(super) facts: &'r [(Time, Fact)],
    /// The runs that were made from it.
    pub(super) later: Vec<RunId>,
    /// The rows that a process works on at this moment.
    pub(super) under_way: RowCounts,
    /// How long requests took, by operation.
    pub(super) times: &'r BTreeMap<String, CallTimes>,
    /// The findings of the audit.
    pub(super) problems: &'r [String],
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
