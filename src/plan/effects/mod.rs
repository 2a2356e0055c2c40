//! What a call does to the world: its identity, what it counts as, how it is taken back.

mod effect_budget;
mod effect_key;
mod undo;

pub(super) use effect_budget::check_budget;
pub use undo::{undo_plan, why_not_undone};
