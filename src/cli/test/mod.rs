//! The verb `test`, and how tests went as text, as JSON and as JUnit.

mod render;
mod verb;

pub(super) use verb::test;
