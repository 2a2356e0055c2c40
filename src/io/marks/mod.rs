//! The mark of a run: small files outside the run's folder that say what the run is, which rows it has and how far it
//! came. By them a run folder that was lost, cut or put back from a copy is noticed. The mark of a pruned run also says what
//! the run made.

mod guard_list;
mod mark;
mod mark_files;
mod pruned;
mod row_list;

pub use guard_list::GuardList;
pub use mark::{LossDecision, LossOutcome, Mark, MarkError, MarkedPlaybook, ResumedCopy};
pub use mark_files::{MARKS, MarkFiles, RUNS};
pub use pruned::PrunedRun;
pub use row_list::{ListError, ListWriter, MarkedList, ONCE, RowFilter, row_hash};
