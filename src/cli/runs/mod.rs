//! The verb `runs`: the history of runs, and one run in full.

mod export;
mod failing;
mod standing;
mod verb;

pub(crate) use verb::runs;
