//! What a call changes: its identity, what it counts as, how it is undone.

mod effect_budget;
mod effect_key;
mod undo;

pub(super) use effect_budget::check_budget;
pub use undo::{undo_plan, why_not_undone};
