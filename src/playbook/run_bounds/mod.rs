//! The bounds of a run: stop rules, waves, effect budget, send window.

mod bounds;
mod read;
mod window;

pub use bounds::{RunBounds, StopWhen, WaveSize, Waves};
pub(super) use read::BoundsReader;
pub use window::SendWindow;
