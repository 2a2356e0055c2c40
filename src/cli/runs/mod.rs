//! The verb `runs`: the list of runs, one run in full, and its rows as files.

mod export;
mod list;
mod render;
mod verb;

pub(crate) use verb::runs;
