//! What happened, as data: entries and their facts, the fold to a row's state, the books.

mod books;
mod claim;
mod copied;
mod derive_outcome;
mod effect_state;
mod entry;
mod fact;
mod frozen;
mod laws;
mod link;
mod reach;
mod read_facts;
mod reopening;
mod row_state;
#[cfg(test)]
mod sample;
mod send_said;
mod settlement;
mod shape;

pub use books::{Audit, OperationCounts};
pub use claim::{Claim, LEFT_TO_OTHER_RUN};
pub use copied::{COPY_CODE, COPY_MESSAGE, ContinuedFromCopy, facts_for_copy_doubts};
pub use derive_outcome::{derive_outcome, is_undone};
pub use effect_state::EffectState;
pub use entry::JournalEntry;
pub use fact::{AttemptEnd, Attempted, CallRef, Fact, Intent, RowEnded, StepEnded};
pub use frozen::{FORMAT_VERSION, FrozenRow};
pub use link::{ContinuedIn, ImportedCall};
pub use reach::indexes_are_in_bounds;
pub use read_facts::{FactDetail, read_facts};
pub use row_state::{CallEnded, CallState, RowState, StepState};
pub use send_said::SendDetails;
pub use settlement::Settled;
pub use shape::{ScopeShape, StepShape};
