//! The events of a run: what `--events` writes, one JSON object a line.

mod envelope;
mod kind;
mod place;

pub use envelope::{EVENTS_VERSION, Event};
pub use kind::{AttemptEndKind, EventKind, Verb};
pub use place::{CallPlace, RowPlace};
