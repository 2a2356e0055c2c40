//! Which fact may follow which, the fold of a row's facts to its state, and what follows from that state.

mod call_state;
mod claim;
mod derive_outcome;
mod effect_state;
mod journal_copy;
mod outside_facts;
mod row_state;
mod run_steering;
#[cfg(test)]
mod sample;
mod send_details;
mod violation;

pub use call_state::{CallEnded, CallState, SendDetails};
pub use claim::{Claim, LEFT_TO_OTHER_RUN};
pub use derive_outcome::{derive_outcome, is_undone};
pub use effect_state::EffectState;
pub use journal_copy::{COPY_CODE, COPY_MESSAGE, facts_for_copy_doubts};
pub use row_state::{ContinuedFromCopy, GoesOn, RowState, StepState};
pub use run_steering::RunSteering;
pub(super) use violation::violation;
