//! What must be in place before a run sends: the vendors, the limits, what other runs made, and the confirmations.

mod confirm;
mod effect_history;
mod limits;
mod vendors;

pub(super) use confirm::{ask_environment, confirm};
pub(super) use effect_history::{look_at_past, open_past, refuse_repeats};
pub(super) use limits::{ledger, within_descriptors};
pub(super) use vendors::{closed_vendors, faults, vendors};
