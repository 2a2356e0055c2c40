//! The mark of a run: a few small files outside the run's folder that say what the run is, what its list holds and how
//! far it has come, so that a folder that is lost, cut or put back from a copy is found out.

mod mark;
mod mark_files;
mod row_list;

pub use mark::{CopyTaken, LostAs, LostWord, Mark, MarkError, MarkedPlaybook};
pub use mark_files::{MARKS, MarkFiles, RUNS};
pub use row_list::{ListError, ListWriter, MarkedList, MarkedRow, ONCE, row_hash};
