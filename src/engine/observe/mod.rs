//! What observers of a run are told: events besides its facts, and counts for the screen.

mod observer_events;
mod progress;

pub use observer_events::ObserverEvent;
pub(super) use observer_events::ObserverEvents;
pub use progress::Progress;
