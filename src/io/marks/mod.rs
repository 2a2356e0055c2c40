//! The mark of a run: small files outside the run's folder that say what the run is, which rows it has and how far it
//! came. By them a run folder that was lost, cut or put back from a copy is noticed.

mod mark;
mod mark_files;
mod row_list;

pub use mark::{LossDecision, LossOutcome, Mark, MarkError, MarkedPlaybook, ResumedCopy};
pub use mark_files::{MARKS, MarkFiles, RUNS};
pub use row_list::{ListError, ListWriter, MarkedList, ONCE, RowFilter, row_hash};
