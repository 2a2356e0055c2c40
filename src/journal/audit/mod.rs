//! Checks all facts of a run, and adds up its totals.

mod run_audit;

pub use run_audit::{Audit, OperationCounts};
