//! The verb `explain`: what a code of runsheet or of a vendor means, and what to do about it.

mod meanings;
mod render;
mod topic;
mod vendor_codes;
mod verb;

pub(super) use verb::explain;
