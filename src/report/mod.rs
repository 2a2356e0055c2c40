//! A run's record to what people and programs read: row files and the summary.

mod cell;
mod failures;
mod json_line;
mod markdown;
mod record;
mod result_files;
mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use failures::{FailureKind, Failures, StepPlace, failure_lines};
pub use markdown::markdown_text;
pub use record::RowRecord;
pub use result_files::ResultFiles;
pub use summary::{OperationCounts, RowCounts, RunOutcome, Summary};
