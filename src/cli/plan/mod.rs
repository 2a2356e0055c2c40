//! The verb `plan`.

mod bounds;
mod render;
mod verb;

pub(crate) use verb::{plan, plan_of};
