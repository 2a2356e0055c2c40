//! What happened, as data: entries and their facts, the fold to a row's state, the books.

mod books;
mod claim;
mod copied;
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
mod standing;

pub use books::{Books, OperationCounts};
pub use claim::{Claim, LEFT_TO_OTHER_RUN};
pub use copied::{COPY_CODE, COPY_MESSAGE, Copied, doubts_of_a_copy};
pub use effect_state::EffectState;
pub use entry::Entry;
pub use fact::{Attempted, CallRef, Fact, How, Intent, RowEnded, StepEnded};
pub use frozen::{FORMAT_VERSION, FrozenRow};
pub use link::{Carried, HandedOver};
pub use reach::reach_is_lawful;
pub use read_facts::{Detail, read_facts};
pub use row_state::{CallEnded, CallState, RowState, StepState};
pub use send_said::SendSaid;
pub use settlement::Settled;
pub use shape::{Shape, StepShape};
pub use standing::{is_undone, standing};
