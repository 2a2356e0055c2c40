//! What happened, as data: entries and their facts, the fold to a row's state, the books.

mod books;
mod entry;
mod fact;
mod frozen;
mod row_state;
mod shape;
mod standing;

pub use books::{Books, OperationCounts};
pub use entry::Entry;
pub use fact::{Attempted, CallRef, Fact, How, Intent, RowEnded, StepEnded};
pub use frozen::{FORMAT_VERSION, FrozenRow};
pub use row_state::{CallEnded, CallState, RowState, StepState};
pub use shape::{Shape, StepShape};
pub use standing::standing;
