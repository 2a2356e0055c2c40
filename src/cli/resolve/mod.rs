//! The verb `resolve`, and what it says of unknown calls.

mod lost;
mod telling;
mod verb;

pub(crate) use verb::resolve;
