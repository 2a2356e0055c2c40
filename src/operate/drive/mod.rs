//! Drives a run to its end or its stop and closes it; starts a run that continues an earlier one; looks up unknown calls; notifies
//! of the end of a run.

mod control;
mod event_loop;
mod job;
mod linked_run;
mod lookups;
mod notify;
mod run_wait_json;

pub use job::RunReport;
pub(super) use job::{RunJob, drive_job, kept_warnings};
pub(super) use linked_run::{LinkedRunStart, begin_linked_run};
pub(super) use lookups::look_up;
