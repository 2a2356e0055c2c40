//! Checks all facts of a run, and adds up its totals.

mod call_times;
mod run_audit;

pub use call_times::{CallTimeSummary, CallTimes};
pub use run_audit::{Audit, OperationCounts};
