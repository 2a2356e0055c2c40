//! `runs diff`: what differs between two runs: their rows, their kinds of failure, how long their calls took.

mod compared;
mod latency;
mod report;
mod rows;
mod use_case;

pub use report::{
    ChangedRow, ChangedRows, DiffNote, DiffReport, DiffRequest, DiffedRun, KindChanges, OperationLatency, RowChanges,
};
pub use use_case::diff;
