//! What bounds the damage of a run: stop rules, waves, the budget of effects, the hours in which it sends.

mod bounds;
mod read;
mod window;

pub use bounds::{RunBounds, StopWhen, WaveSize, Waves};
pub(super) use read::BoundsReader;
pub use window::SendWindow;
