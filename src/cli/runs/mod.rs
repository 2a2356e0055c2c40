//! The verb `runs`: the list of runs, one run in full, two runs compared, rows as files, and the removal of old runs.

mod diff;
mod export;
mod list;
mod prune;
mod render;
mod verb;

pub(crate) use verb::runs;
