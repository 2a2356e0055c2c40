//! The verb `retry`: a linked run over the rows of an earlier one that are not done.

mod choice;
mod corrected;
mod verb;

pub(crate) use verb::retry;
