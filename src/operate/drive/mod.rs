//! A run that is driven: questions, vendors, orders from outside, calls, closing.

mod confirm;
mod descriptors;
mod job;
mod ledger;
mod orders;
mod past;
mod traced;
mod vendors;

pub(super) use confirm::{ask_environment, confirm};
pub(super) use descriptors::within_descriptors;
pub use job::RunReport;
pub(super) use job::{RunJob, conduct};
pub(super) use ledger::ledger;
pub(super) use orders::drive_here;
pub(super) use past::{look_at_past, open_past, refuse_repeats};
pub(super) use vendors::{closed_vendors, faults, vendors};
