//! Drives a run to its end or its stop and closes it; starts a run that continues an earlier one; looks up unknown calls.

mod control;
mod event_loop;
mod job;
mod linked_run;
mod lookups;
mod run_wait_json;

pub use job::RunReport;
pub(super) use job::{RunJob, drive_job, kept_warnings};
pub(super) use linked_run::{LinkedRun, LinkedRunStart, begin_linked_run};
pub(super) use lookups::look_up;
