//! The verb `undo`: what a run really changed is taken back, last step first, as a run of its own.

mod effects;
mod shown;
mod verb;

pub(crate) use verb::undo;
