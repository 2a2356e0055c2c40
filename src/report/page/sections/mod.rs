//! The sections that stand without script: the verdict with the balance sheet, and the failures by kind.

mod balance;
mod facts;
mod failures;
mod next;
mod verdict;

pub(super) use failures::write_failures;
pub(super) use verdict::{verdict_sentence, write_verdict};
