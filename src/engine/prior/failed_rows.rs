//! Rows that failed before this process, counted for the progress display.

use super::view::{PlanView, PriorRow};
use crate::engine::observe::{CallTotals, FailureTally};
use crate::journal::RowEnded;
use crate::policy::FailureSignature;

/// Counts a row that ended without success: its kind of failure, and the calls that it will not make any more.
/// `shown` returns the row's code as it may be shown; it is called for the first row of a kind only.
pub fn count_failed_row(
    view: &PlanView,
    row: PriorRow<'_>,
    ended: &RowEnded,
    (calls, failures): (&mut CallTotals, &mut FailureTally),
    shown: impl FnOnce(&str) -> String,
) {
    let mut machine = view.machine(row.scope, row.key, row.cells, row.facts);
    let done = calls.done_calls(machine.state());
    calls.end_in_trouble(&view.plan, row.scope, &mut machine, &done);
    failures.add(ended.outcome, FailureSignature { step: ended.step.clone(), code: ended.code.clone() }, shown);
}
