//! The verb `plan`: what a run would send. It has no way to send anything.

mod bounds;
mod requests;
mod sent_before;
mod shown;
mod verb;

pub(crate) use verb::plan;
