//! Turns a run's record into what people and programs read: row files, events and the summary.

mod csv_cell;
mod event;
mod failures;
mod grouped_number;
mod json_line;
mod junit;
mod message_shape;
mod result_files;
mod row_codes;
mod row_lines;
mod row_record;
mod steering;
mod summary;
mod summary_markdown;
mod summary_text;
#[cfg(test)]
mod tests;

pub use crate::journal::OperationCounts;
pub use event::{AttemptEndKind, CallPlace, EVENTS_VERSION, Event, EventKind, RowPlace, Verb};
pub use failures::{FailureKind, Failures, StepPlace, failure_lines};
pub use junit::{
    JUNIT_END, JUNIT_SUITE_END, JunitCase, JunitCounts, JunitProblem, JunitResult, JunitSuite, junit, junit_begin,
    junit_case, junit_suite_begin,
};
pub use message_shape::message_shape;
pub use result_files::{ResultFiles, files_in_the_way, row_files_of_run};
pub use row_codes::{row_codes, with_run_id};
pub use row_lines::RowLines;
pub use row_record::RowRecord;
pub use steering::{SteeringEntry, TimedSteering, is_paused, steering_lines, steering_of};
pub use summary::{RowCounts, RunOutcome, Stop, Summary};
pub use summary_markdown::markdown_text;
