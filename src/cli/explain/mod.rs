//! The verb `explain`: what a code means, whoever it comes from, and what to do about it.

mod meanings;
mod render;
mod topic;
mod vendor_codes;
mod verb;

pub(super) use verb::explain;
