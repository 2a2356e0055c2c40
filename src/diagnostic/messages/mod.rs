//! Messages: a single one, the group with one cause, all of a check; as terminal text and as JSON.

mod block;
mod cause;
mod list;
mod message;
mod render;

pub use block::CauseGroup;
pub use list::Diagnostics;
pub use message::{AboutRow, Diagnostic, Severity};
