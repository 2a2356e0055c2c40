//! `test`: playbooks against their test files, offline, on a clock of their own.

mod files;
mod outcome;
mod rows;
mod suite;
mod use_case;

pub(crate) use files::{find_tests, is_test};
pub use outcome::TestOutcome;
pub(super) use suite::Suite;
pub use use_case::{TestReport, TestRequest, TestedFile, test};
