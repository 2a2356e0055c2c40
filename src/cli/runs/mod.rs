//! The verb `runs`: the list of runs, one run in full, two runs compared, and rows as files.

mod diff;
mod export;
mod list;
mod render;
mod verb;

pub(crate) use verb::runs;
