//! What templates work on: the names they see, times, and values as text within bounds.

mod bounded;
mod instant;
mod names;
mod scope;

pub(super) use bounded::{Bounded, LARGEST, fits, kind, weight};
pub(super) use instant::{Instant, rfc3339, zone};
pub use names::{RunPart, StepPart, TopName};
pub use scope::Scope;
