//! A run reported as events: facts once they are on the disk, and what the engine and the wire do on the way there.

mod event_kinds;
mod event_reporter;
mod known_rows;
mod run_events;

pub(super) use event_reporter::EventReporter;
pub use run_events::RunEvents;
