//! The rows of a run as they stand, read from its journal.

use std::sync::Arc;

use super::state_folder;
use crate::io::Clock;
use crate::model::{RowOutcome, RunId, Value};
use crate::operate::interface::{Context, Refusal};
use crate::operate::stored_run::readable;
use crate::report::RowRecord;
use crate::runner::{CloseError, summarize_run};

/// The rows of a run as they stand.
#[derive(Debug, Clone)]
pub struct RowsRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// Only rows with these outcomes; all where there is none.
    pub outcomes: Vec<RowOutcome>,
    /// How many rows are passed over first.
    pub skip: u64,
    /// How many rows are wanted at most: each takes memory for its key, its message and its results.
    pub limit: u64,
}

impl RowsRequest {
    /// The first 1,000 rows of a run, whatever their outcomes.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), outcomes: Vec::new(), skip: 0, limit: 1_000 }
    }
}

/// The rows that were asked for, in the order of the input.
#[derive(Debug, Clone)]
pub struct RowsReport {
    /// The run.
    pub run: RunId,
    /// How many rows have the wanted outcomes.
    pub total: u64,
    /// The rows.
    pub rows: Vec<RowEnd>,
}

/// One row as it stands. It holds what the row files hold: keys and messages are not masked.
#[derive(Debug, Clone)]
pub struct RowEnd {
    /// The row's number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// The row's key.
    pub key: String,
    /// How it stands.
    pub outcome: RowOutcome,
    /// The step that decided it, where one did.
    pub step: Option<String>,
    /// The vendor's code or runsheet's own.
    pub code: Option<String>,
    /// The vendor's message or runsheet's own.
    pub message: Option<String>,
    /// The vendor's id of the request that decided.
    pub request_id: Option<String>,
    /// How many requests were sent for the row's steps and rollbacks, repeats included and lookups not.
    pub attempts: u64,
    /// The playbook's `results` by name; those that the row did not reach are null.
    pub results: Vec<(String, Value)>,
}

impl RowEnd {
    fn of(record: RowRecord) -> Self {
        let RowRecord { number, key, outcome, step, code, message, request_id, attempts, results, .. } = record;
        Self { number, key, outcome, step, code, message, request_id, attempts, results }
    }
}

/// Reads rows of a run as they stand, also while it is under way.
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
/// [`Refusal::Usage`] where no run or several are meant; [`Refusal::Broken`] where the journal cannot be read.
pub fn rows(request: &RowsRequest, context: &Context) -> Result<RowsReport, Refusal> {
    let known = state_folder::find(context.state()?, &request.run)?;
    let frozen = known.frozen;
    let plan = Arc::new(readable(&frozen, context.unmask)?.plan);
    let mut report = RowsReport { run: frozen.run_id.clone(), total: 0, rows: Vec::new() };
    let mut each = |record: RowRecord| {
        if request.outcomes.is_empty() || request.outcomes.contains(&record.outcome) {
            let wanted = report.total >= request.skip && (report.rows.len() as u64) < request.limit;
            report.total += 1;
            if wanted {
                report.rows.push(RowEnd::of(record));
            }
        }
        Ok::<(), CloseError>(())
    };
    summarize_run(&frozen, &plan, &known.folder.journal(), None, Clock::start().now(), &mut each)
        .map_err(|error| Refusal::broken(error.to_string()))?;
    Ok(report)
}
