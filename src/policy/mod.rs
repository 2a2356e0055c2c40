//! Retry, back-off, limits and stop rules as arithmetic over given instants: no clock, no randomness of its own.

mod backoff;
mod decision;
mod dice;
mod limiter;
mod stop;
mod turns;

pub use backoff::{THROTTLED_ATTEMPTS, wait_to_resend};
pub use decision::{Attempt, Came, LookupVerdict, Verdict, decide, decide_after_lookup};
pub use dice::Dice;
pub use limiter::RateLimiter;
pub use stop::{Counts, StopReason, stop_reached};
pub use turns::{Turn, TurnWanted, Turns};
