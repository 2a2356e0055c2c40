//! A run that is driven to its end: made from an earlier one, passed orders, closed; and the lookups of unknown calls.

mod event_loop;
mod job;
mod linked_run;
mod lookups;

pub use job::RunReport;
pub(super) use job::{RunJob, conduct, kept_warnings};
pub(super) use linked_run::{Filled, Linked, begin};
pub(super) use lookups::look_up;
