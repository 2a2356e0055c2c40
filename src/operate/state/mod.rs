//! The folder that holds the runs: which run a word means, and the summary that each run leaves.

mod known;
mod summary_file;

pub(super) use known::{Known, find, ids, later_runs, named, open, unreadable};
pub(super) use summary_file::{read as read_summary, remove as remove_summary, write as write_summary};
