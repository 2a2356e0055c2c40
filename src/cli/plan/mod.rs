//! The verb `plan`, and a plan as text and as JSON.

mod bounds;
mod sent_before;
mod shown;
mod verb;

pub(crate) use verb::{plan, plan_of};
