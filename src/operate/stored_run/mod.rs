//! A run that exists: restored from its journal, locked and opened, or gone on with from a copy.

mod copy;
mod open_run;
mod restore;

pub(super) use copy::go_on_from_copy;
pub(super) use open_run::{OpenRun, UnknownCall, last_stop, was_settled};
pub(super) use restore::{
    RestoredRun, bind_frozen, lock_run, restore, restore_for_reading, restore_for_reading_or_refuse, run_values,
};
