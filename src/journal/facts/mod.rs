//! The facts of a run as plain data, the records they are stored in, and how they are read.

mod attempt;
mod call_ref;
mod entry;
mod fact;
mod frozen_row;
mod index_bounds;
mod intent;
mod link;
mod read_facts;
#[cfg(test)]
pub(crate) mod sample;
mod settlement;
mod shape;
mod steered;
mod waits;

pub use attempt::{AttemptEnd, Attempted};
pub use call_ref::CallRef;
pub use entry::JournalEntry;
pub use fact::{Fact, RowEnded, StepEnded};
pub use frozen_row::{FORMAT_VERSION, FrozenRow};
pub use index_bounds::indexes_are_in_bounds;
pub use intent::Intent;
pub use link::{ContinuedIn, ImportedCall};
pub use read_facts::{FactDetail, read_facts};
pub use settlement::Settled;
pub use shape::{ScopeShape, StepShape};
pub use steered::Steered;
pub use waits::Waits;
