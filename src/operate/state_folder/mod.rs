//! The folder that holds the runs: which run a word means, what is lost of a run, runs that were pruned, and the summary that each run leaves.

mod known_run;
mod lost_run;
mod pruned_run;
mod summary_file;

pub(super) use known_run::{
    KnownRun, find_run, find_run_folder, known_run, later_runs, read_run, refuse_lost, refuse_lost_or_copy, run_ids,
    run_of_folder, unreadable_run,
};
pub(super) use lost_run::{RUNS_NAMED, loss_in_short, what_is_known, what_to_do, why_lost_runs_block};
pub use pruned_run::PrunedStatus;
pub(super) use pruned_run::{pruned_run, pruned_runs};
pub(super) use summary_file::{
    RunCard, StoredSummary, read as read_summary, refresh as refresh_summary, remove as remove_summary,
    write as write_summary,
};
