//! Turns a run's record into what people and programs read: row files, events and the summary.

mod csv_cell;
mod event;
mod failures;
mod grouped_number;
mod json_line;
mod junit;
mod markdown_text;
mod message_shape;
mod next_action;
mod next_steps;
mod notify_body;
pub mod page;
mod result_files;
mod row_codes;
mod row_command;
mod row_lines;
mod row_record;
mod run_junit;
mod run_markdown;
mod run_record;
mod steering;
mod story;
mod summary;
mod summary_text;
#[cfg(test)]
mod tests;
mod verdict;

pub use crate::journal::OperationCounts;
pub use event::{AttemptEndKind, CallPlace, EVENTS_VERSION, Event, EventKind, RowPlace, Verb};
pub use failures::{FailureKind, Failures, FirstOfKind, OtherKinds, SUMMARY_KINDS, StepPlace, failure_lines};
pub use junit::{
    JUNIT_END, JUNIT_SUITE_END, JunitCase, JunitCounts, JunitProblem, JunitResult, JunitSuite, junit, junit_begin,
    junit_case, junit_suite_begin,
};
pub use markdown_text::markdown_text;
pub use message_shape::message_shape;
pub use next_action::NextAction;
pub use next_steps::NextStep;
pub use notify_body::RunEndNotice;
pub use result_files::{ResultFiles, files_in_the_way, row_files_of_run};
pub use row_codes::{row_codes, with_run_id};
pub use row_command::RowCommands;
pub use row_lines::RowLines;
pub use row_record::RowRecord;
pub use run_junit::{RUN_SUITE, RowCases};
pub use run_record::{OperationRecord, RECORD_VERSION, RecordedState, RunKind, RunProcess, RunRecord};
pub use steering::{SteeringEntry, TimedSteering, is_paused, steering_lines, steering_of};
pub use story::{
    AttemptThen, CallName, Condition, Moment, MomentKind, RequestCheck, RowStanding, STORY_VERSION, ShownValue, Story,
    StoryAttempt, StoryCell, StoryElsewhere, StoryLimit, StoryRequest, StoryRow, StoryRule, StoryRuleKind, StoryRun,
    StorySource, StoryState, StoryStep, StoryWait,
};
pub use summary::{RowCounts, RunOutcome, Stop, Summary};
