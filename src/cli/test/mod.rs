//! The verb `test`: playbooks against their test files, offline, in a time of their own.

mod files;
mod outcome;
mod rows;
mod suite;
mod told;
mod verb;

pub(super) use files::is_test;
pub(super) use suite::Suite;
pub(super) use verb::test;
