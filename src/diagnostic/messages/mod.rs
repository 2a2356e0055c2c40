//! Messages: a single one, the group with one cause, all of a check; as terminal text and as JSON.

mod cause;
mod cause_group;
mod list;
mod message;
mod render;

pub use cause_group::CauseGroup;
pub use list::Diagnostics;
pub use message::{AboutRow, Diagnostic, Severity};
