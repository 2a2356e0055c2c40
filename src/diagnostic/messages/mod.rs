//! Messages: one, those of one cause, all of a check; as text for a terminal and as JSON.

mod block;
mod cause;
mod list;
mod message;
mod render;

pub use block::CauseGroup;
pub use list::Diagnostics;
pub use message::{AboutRow, Diagnostic, Severity};
