//! Reports a run as events: facts once they are on disk, and what engine and transport do before.

mod event_kinds;
mod event_reporter;
mod known_rows;
mod run_events;

pub(super) use event_reporter::EventReporter;
pub use run_events::RunEvents;
