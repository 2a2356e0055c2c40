//! The verb `undo`, and the plan of an undo as text and as JSON.

mod shown;
mod verb;

pub(super) use shown::text as plan_text;
pub(crate) use verb::undo;
