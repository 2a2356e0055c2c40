//! The events of a run: what `--events` writes, one JSON object a line.

mod attempt;
mod envelope;
mod kind;

pub use attempt::{AttemptEndKind, CallPlace, RowPlace};
pub use envelope::{EVENTS_VERSION, Event};
pub use kind::{EventKind, Stop, Verb, WaitReason};
