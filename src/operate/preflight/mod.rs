//! What must be in place before a run sends: the vendors, the limits, what other runs made, and the confirmations.

mod confirm;
mod effect_history;
mod limits;
mod vendors;

pub(super) use confirm::{confirm_environment, confirm_run};
pub(super) use effect_history::{open_effect_history, preview_effect_history, repeats_message};
pub(super) use limits::{ceiling_within_open_files, open_ledger, within_open_files};
pub(super) use vendors::{make_vendors, parse_faults, vendors_without_access};
