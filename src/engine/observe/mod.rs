//! What a run reports to its observers: events that the journal does not hold, and counts for the progress display.

mod observer_events;
mod progress;

pub use observer_events::ObserverEvent;
pub(super) use observer_events::ObserverEvents;
pub use progress::Progress;
