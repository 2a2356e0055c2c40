//! A run that is driven: questions, vendors, orders from outside, calls, closing.

mod confirm;
mod job;
mod orders;
mod past;
mod traced;
mod vendors;

pub(super) use confirm::{ask_environment, confirm};
pub use job::RunReport;
pub(super) use job::{RunJob, conduct, ledger};
pub(super) use orders::drive_here;
pub(super) use past::{look_at_past, open_past, refuse_repeats};
pub(super) use vendors::{closed_vendors, faults, vendors};
