//! The verb `explain`: what a code means, whoever it comes from, and what to do about it.

mod found;
mod shown;
mod topic;
mod vendor;
mod verb;

pub(super) use verb::explain;
