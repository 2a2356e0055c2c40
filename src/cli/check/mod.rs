//! The verb `check`.

mod repairs;
mod verb;

pub(crate) use verb::check;
