//! The verb `resolve`.

mod render;
mod verb;

pub(crate) use verb::resolve;
