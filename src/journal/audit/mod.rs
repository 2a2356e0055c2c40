//! A check of a whole run's facts, and its totals.

mod run_audit;

pub use run_audit::{Audit, OperationCounts};
