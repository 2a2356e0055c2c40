//! The verbs `run` and `resume`: rows into the journal, questions asked, the run driven and closed.

mod conduct;
mod confirm;
mod fresh;
mod past;
mod resumed;
mod revived;
mod traced;
mod vendors;

pub(crate) use conduct::{Conduct, conduct, drive_it, ledger, place};
pub(crate) use confirm::confirm;
pub(crate) use fresh::{absolute, check_out, run};
pub(crate) use past::{open as open_past, refusal as refuse_repeats};
pub(crate) use resumed::resume;
pub(crate) use revived::{Revived, as_frozen, bound, lock, revive};
pub(crate) use vendors::vendors;
