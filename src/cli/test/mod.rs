//! The verb `test`.

mod render;
mod verb;

pub(super) use verb::test;
