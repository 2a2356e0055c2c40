//! Decides whether a call may be sent. Each part stands alone, without the engine: rates and calls under way, the
//! send window, tokens, whether the vendor can be reached.

mod held_times;
mod limits;
mod reachability;
mod send_window;
mod tokens;

pub(super) use held_times::{HeldTimes, TimeByReason, add};
pub use limits::DEFAULT_IN_FLIGHT;
pub(super) use limits::{Admission, LEASE_LEAD, QueueEntry};
pub(super) use reachability::Reachability;
pub(super) use send_window::SendWindowState;
pub(super) use tokens::Tokens;
