//! Output for a GitHub job beside the log: annotations at lines of files, and the summary of the step.

mod annotation;
mod escape;
mod job;
mod step_summary;

pub(super) use annotation::{annotate, annotate_failures};
pub(super) use step_summary::{summarise_files, summarise_run};
