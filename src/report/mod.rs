//! A run's record to what people and programs read: row files, events and the summary.

mod cell;
mod event;
mod failures;
mod json_line;
mod junit;
mod markdown;
mod record;
mod result_files;
mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use crate::journal::OperationCounts;
pub use event::{AttemptEndKind, CallPlace, EVENTS_VERSION, Event, EventKind, RowPlace, Stop, Verb, WaitReason};
pub use failures::{FailureKind, Failures, StepPlace, failure_lines};
pub use junit::{JunitCase, JunitSuite, junit};
pub use markdown::markdown_text;
pub use record::RowRecord;
pub use result_files::{ResultFiles, files_in_the_way};
pub use summary::{RowCounts, RunOutcome, Summary};
