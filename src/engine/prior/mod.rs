//! Questions about rows that a journal already contains: what a later run imports, what an undo undoes, which calls
//! are in doubt, which values are masked, which requests were sent.

mod calls_in_doubt;
mod failed_rows;
mod import;
mod masks;
mod past_requests;
mod undo;
mod view;

pub use calls_in_doubt::{CallInDoubt, calls_in_doubt};
pub use failed_rows::count_failed_row;
pub use import::{ImportConflict, ImportedRow, RecreatedEffect, import_row};
pub use masks::row_masks;
pub use past_requests::{PastRequests, RebuiltRequest, WhySkipped};
pub use undo::{UndoStep, UndoneBy, standing_effects, undo_facts, undo_preview, undone_already};
pub use view::{PlanView, PriorRow};
