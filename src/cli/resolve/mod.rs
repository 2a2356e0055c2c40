//! The verb `resolve`, and what it says of unknown calls.

mod telling;
mod verb;

pub(crate) use verb::resolve;
