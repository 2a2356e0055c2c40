//! `retry`: does what is missing of a run, as a run of its own.

mod choice;
mod conflicts;
mod corrected_rows;
mod next_run;
mod request;
mod use_case;

pub use request::{RetryOutcome, RetryReport, RetryRequest};
pub use use_case::retry;
