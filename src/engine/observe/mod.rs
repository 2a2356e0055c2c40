//! What observers of a run are told: events besides its facts, and counts for the screen.

mod observer_events;
mod progress;

pub use observer_events::Tiding;
pub(super) use observer_events::Tidings;
pub use progress::Progress;
