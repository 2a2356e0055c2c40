//! Compares the result of a rehearsal with what its test expects.

mod coverage;
mod messages;
mod requests;
mod rows;
mod test;

pub use coverage::Coverage;
pub use test::{judge, judge_refused};
