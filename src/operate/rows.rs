//! Reads the rows of a run from its journal.

use std::sync::Arc;

use crate::io::Clock;
use crate::model::{RowOutcome, RunId, Value};
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::find_run;
use crate::operate::stored_run::restore_for_reading_or_refuse;
use crate::report::RowRecord;
use crate::runner::{CloseError, RecordedRow, RunStanding, summarize_run};

/// A request for the rows of a run.
#[derive(Debug, Clone)]
pub struct RowsRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// Only rows with these outcomes; empty for all.
    pub outcomes: Vec<RowOutcome>,
    /// The number of rows to skip first.
    pub skip: u64,
    /// The most rows to return. Each takes memory for its key, its message and its results.
    pub limit: u64,
}

impl RowsRequest {
    /// A request for the first 1,000 rows of a run, with any outcome.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), outcomes: Vec::new(), skip: 0, limit: 1_000 }
    }
}

/// Rows of a run, in the order of the row file.
#[derive(Debug, Clone)]
pub struct RowsReport {
    /// The run.
    pub run: RunId,
    /// The number of rows with the wanted outcomes.
    pub total: u64,
    /// The rows.
    pub rows: Vec<RowStatus>,
}

/// The current state of one row, as the row files show it: keys and messages are not masked.
#[derive(Debug, Clone)]
pub struct RowStatus {
    /// The row's number as a spreadsheet shows it; the header is 1. Rows of a format without a header begin with 1.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// Its outcome. For a row that has not ended, what it would be if the run stopped now.
    pub outcome: RowOutcome,
    /// The step that decided it; `None` where no step did.
    pub step: Option<String>,
    /// The code of the vendor or of runsheet; `None` where there is none.
    pub code: Option<String>,
    /// The message of the vendor or of runsheet; `None` where there is none.
    pub message: Option<String>,
    /// The vendor's id of the deciding request; `None` where it gave none.
    pub request_id: Option<String>,
    /// The number of requests sent for the steps and rollbacks of the row, with repeats and without lookups.
    pub attempts: u64,
    /// The `results` of the playbook by name; null where the row did not reach them.
    pub results: Vec<(String, Value)>,
}

impl RowStatus {
    fn of(record: RowRecord) -> Self {
        // All members are named, so that a new result column is not forgotten here.
        let RowRecord {
            number,
            key,
            outcome,
            step,
            code,
            message,
            request_id,
            attempts,
            results,
            position: _,
            raw: _,
            goes_on: _,
            times: _,
        } = record;
        Self { number, key, outcome, step, code, message, request_id, attempts, results }
    }
}

/// Reads rows of a run, also while it is under way.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RowOutcome, RowsRequest, RunRequest, rows, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let report = rows(&RowsRequest::new("latest"), &context)?;
/// assert!(report.rows.iter().all(|row| row.outcome == RowOutcome::Succeeded));
/// assert_eq!(report.rows[0].number, 2, "the header is row 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Broken`] where the journal cannot be read.
pub fn rows(request: &RowsRequest, context: &Context) -> Result<RowsReport, Refusal> {
    let known = find_run(context.state()?, &request.run)?;
    let frozen = known.frozen;
    let plan = Arc::new(restore_for_reading_or_refuse(&frozen, context.unmask)?.plan);
    let mut report = RowsReport { run: frozen.run_id.clone(), total: 0, rows: Vec::new() };
    let mut each = |RecordedRow { record, .. }: RecordedRow<'_>| {
        if request.outcomes.is_empty() || request.outcomes.contains(&record.outcome) {
            let wanted = report.total >= request.skip && (report.rows.len() as u64) < request.limit;
            report.total += 1;
            if wanted {
                report.rows.push(RowStatus::of(record));
            }
        }
        Ok::<(), CloseError>(())
    };
    let standing = RunStanding { stop: None, at: Clock::start().now(), driven: false };
    summarize_run(&frozen, &plan, &known.reader, standing, &mut each)
        .map_err(|error| Refusal::broken(error.to_string()))?;
    Ok(report)
}
