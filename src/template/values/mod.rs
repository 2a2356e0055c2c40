//! The values that templates work with: scopes of names, times, and bounded text.

mod bounded;
mod instant;
mod names;
mod scope;

pub(super) use bounded::{BoundedText, LARGEST_TEXT, check_size, memory_size, value_kind};
pub(super) use instant::{TimeValue, rfc3339, zone};
pub use names::{RunPart, StepPart, TopName};
pub use scope::Scope;
