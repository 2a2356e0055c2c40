//! The folder that holds the runs: which run a word means, what is lost of a run, and the summary that each run leaves.

mod known_run;
mod lost_run;
mod summary_file;

pub(super) use known_run::{
    Known, find, ids, later_runs, named, open, refuse_lost, refuse_lost_or_copy, run_of, unreadable,
};
pub(super) use lost_run::{NAMED, in_short, known_of, told_to_others, way_out};
pub(super) use summary_file::{read as read_summary, remove as remove_summary, write as write_summary};
