//! What other runs on this machine have made, so that no effect is made twice.

mod effect_history;
mod listed_effects;
mod other_journal;
mod pruned_runs;
mod query;
mod standing_effects;
mod undo_runs;

pub use effect_history::EffectHistory;
pub use query::{HistoryFilter, PriorEffect};
