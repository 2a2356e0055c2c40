//! The values that templates work with: scopes of names, times, and bounded text.

mod bounded_text;
mod names;
mod scope;
mod time_value;

pub(super) use bounded_text::{BoundedText, LARGEST_TEXT, check_size, memory_size, value_kind};
pub use names::{RunPart, StepPart, TopName};
pub use scope::Scope;
pub(super) use time_value::{TimeValue, rfc3339, zone};
