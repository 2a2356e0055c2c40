//! A run brought back from its journal.

mod revived;

pub(super) use revived::{Revived, as_frozen, bound, lock, readable, revive, run_names};
