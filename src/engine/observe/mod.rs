//! What observers of a run are told: events that are no facts of the journal, and counts for the progress display.

mod observer_events;
mod progress;

pub use observer_events::ObserverEvent;
pub(super) use observer_events::ObserverEvents;
pub use progress::Progress;
