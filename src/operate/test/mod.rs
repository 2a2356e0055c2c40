//! `test`: runs the tests of playbooks, offline and in virtual time.

mod files;
mod outcome;
mod rows;
mod suite;
mod use_case;

pub(crate) use files::{find_tests, is_test};
pub use outcome::TestOutcome;
pub(super) use suite::Suite;
pub use use_case::{TestReport, TestRequest, TestedFile, test};
